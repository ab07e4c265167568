package io.keepset.app;

import io.keepset.app.security.TokenOperations;
import io.keepset.app.terraform.state.StateOperations;
import io.keepset.plan.Revision;
import io.keepset.plan.Spent;
import io.keepset.policy.DeclaredHold;
import io.keepset.policy.Instance;
import io.keepset.policy.Settings;
import io.keepset.policy.StoreSpec;
import io.keepset.policy.TerraformStateRules;
import io.keepset.reconcile.Drift;
import io.keepset.reconcile.InForce;
import io.keepset.reconcile.Listing;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.HoldOperations;
import io.keepset.spi.Platform;
import io.keepset.spi.Secrets;
import io.keepset.spi.StoreOperations;
import io.keepset.wal.WalOperations;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One installation. Nothing is opened before it is asked for.
 *
 * <p>Commands see platforms and their operations and don't know where they run. When a server runs
 * on the data directory, or one is named, {@code runner} is that server, reached over HTTP;
 * otherwise it is opened here, on the local state. {@link Wiring} decides that.
 */
public final class Keepset implements AutoCloseable {
  private final Path data;
  private final Clock clock;
  private final Secrets secrets;
  private final Opening opening;
  private @Nullable Parts parts;

  /** Puts the installation together, when its platforms are asked for. */
  public interface Opening {
    Parts open() throws DriverException;
  }

  /** Takes up what policies declare besides databases: stores and settings. */
  public interface Declaring {
    /** All platforms, for plans of policies with these stores; nothing is taken up by that. */
    SortedMap<String, Platform> planning(Collection<StoreSpec> stores);

    /** For good. */
    void remember(Settings settings);

    /** How Terraform's states are kept now; empty where nothing was ever said or kept. */
    default Optional<TerraformStateRules> statesInForce() {
      return Optional.empty();
    }

    /**
     * For good.
     *
     * @param whole also forgets holds that are no longer declared
     */
    void remember(Collection<DeclaredHold> holds, boolean whole) throws DriverException;

    /** What the next revision is judged by. */
    Footing footing();

    /** For good. */
    void remember(Footing footing);

    /** For good; what is known so already costs nothing. */
    void remember(StoreSpec store) throws DriverException;

    /** Approvals that were used, by digest. */
    default SortedMap<String, Spent> spent() throws DriverException {
      return new TreeMap<>();
    }

    /** Uses approvals up, for good. */
    default void spend(List<Spent> used) throws DriverException {}

    /** Who carries plans out, if that is not this process. */
    default Optional<Applying> elsewhere() {
      return Optional.empty();
    }

    /** The revision that a server follows, if one does. */
    default Optional<Revision> followed() throws DriverException {
      return Optional.empty();
    }
  }

  /** Tells how everything that is protected stands. */
  public interface Reporting {
    /** As schemas/status.schema.json describes it. */
    MapNode status() throws DriverException;

    /**
     * Sends a test message to receivers and waits for them.
     *
     * @param receiver empty means all
     * @return all of them, each with its name and, if it did not take it, the error
     */
    MapNode testNotifications(Optional<String> receiver) throws DriverException;
  }

  /** Remembers what is in force, and tells what differs from it. */
  public interface Ledger {
    /** For good. */
    void record(InForce inForce, Instant at) throws DriverException;

    /**
     * @param platforms as they are here; where the state is elsewhere, that has its own
     */
    Drift drift(Map<String, Platform> platforms) throws DriverException;

    /** Asks instances for their databases, from where the state is. */
    SortedMap<String, Listing> discover(Collection<Instance> instances) throws DriverException;

    /** How stores are set up, by name; secrets are references. */
    SortedMap<String, StoreSpec> stores() throws DriverException;
  }

  /**
   * What an installation is made of.
   *
   * @param platforms by name
   * @param where as printed: this machine, or the address of the server
   * @param resources closed last
   */
  public record Parts(
      SortedMap<String, Platform> platforms,
      StoreOperations stores,
      HoldOperations holds,
      AuditTrail audit,
      TokenOperations tokens,
      Declaring declaring,
      Reporting reporting,
      Ledger ledger,
      WalOperations wal,
      StateOperations states,
      String where,
      Runnable resources) {
    public Parts {
      platforms = Collections.unmodifiableSortedMap(new TreeMap<>(platforms));
    }
  }

  public Keepset(Path data, Clock clock, Secrets secrets, Opening opening) {
    this.data = data;
    this.clock = clock;
    this.secrets = secrets;
    this.opening = opening;
  }

  public Path data() {
    return data;
  }

  public Clock clock() {
    return clock;
  }

  public Secrets secrets() {
    return secrets;
  }

  /** All platforms by name, each ready for use; closed with this installation. */
  public SortedMap<String, Platform> platforms() throws DriverException {
    return parts().platforms();
  }

  /** Checks and rebuilds stores, here or on the server. */
  public StoreOperations stores() throws DriverException {
    return parts().stores();
  }

  /** Logs of databases, here or on the server. */
  public WalOperations wal() throws DriverException {
    return parts().wal();
  }

  /** How everything that is protected stands, as schemas/status.schema.json describes it. */
  public MapNode status() throws DriverException {
    return parts().reporting().status();
  }

  /** Holds, here or on the server. */
  public HoldOperations holds() throws DriverException {
    return parts().holds();
  }

  /** Who changed what. */
  public AuditTrail audit() throws DriverException {
    return parts().audit();
  }

  /** Who may call the server, here or there. */
  public TokenOperations tokens() throws DriverException {
    return parts().tokens();
  }

  /** Terraform's states, here or on the server. */
  public StateOperations terraformStates() throws DriverException {
    return parts().states();
  }

  /** Sends a test message to receivers, see {@link Reporting#testNotifications}. */
  public MapNode testNotifications(Optional<String> receiver) throws DriverException {
    return parts().reporting().testNotifications(receiver);
  }

  /** Where the work is done: {@code here}, or the address of a server. */
  public String where() throws DriverException {
    return parts().where();
  }

  /** The same for plans of policies with these stores; nothing is taken up by that. */
  public SortedMap<String, Platform> platforms(Collection<StoreSpec> stores)
      throws DriverException {
    return parts().declaring().planning(stores);
  }

  /** Plans policies against what is here. */
  public Planner planner() {
    return new Planner(clock, this::parts);
  }

  /**
   * Takes up what policies bring with them.
   *
   * @param ground whether later policies are judged by these, and their settings are the
   *     installation's
   */
  public Rollout rollout(boolean ground) {
    return new Rollout(clock, this::parts, ground);
  }

  /** Approvals that were used, by digest. */
  public SortedMap<String, Spent> spentApprovals() throws DriverException {
    return parts().declaring().spent();
  }

  /** Carries plans out, here or on the server. */
  public Applying applying() throws DriverException {
    return parts().declaring().elsewhere().orElseGet(() -> Applying.here(this, true));
  }

  /** What is live against what was last applied, and what is live in no file. */
  public Drift drift() throws DriverException {
    return parts().ledger().drift(platforms());
  }

  /** How stores are set up now, by name. */
  public SortedMap<String, StoreSpec> storeSpecs() throws DriverException {
    return parts().ledger().stores();
  }

  /** The revision that the server follows, if the work is done by one that follows any. */
  public Optional<Revision> followed() throws DriverException {
    return parts().declaring().followed();
  }

  private synchronized Parts parts() throws DriverException {
    if (parts == null) {
      parts = opening.open();
    }
    return parts;
  }

  @Override
  public synchronized void close() {
    if (parts != null) {
      parts.platforms().values().forEach(Platform::close);
      parts.resources().run();
      parts = null;
    }
  }
}
