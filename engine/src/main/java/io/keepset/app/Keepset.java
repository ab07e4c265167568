package io.keepset.app;

import io.keepset.app.security.TokenOperations;
import io.keepset.app.terraform.state.StateOperations;
import io.keepset.drivers.Drivers;
import io.keepset.plan.ApprovalEndorsement;
import io.keepset.plan.MovedStore;
import io.keepset.plan.Plan;
import io.keepset.plan.Precedents;
import io.keepset.plan.Revision;
import io.keepset.plan.Spent;
import io.keepset.policy.Approval;
import io.keepset.policy.DeclaredHold;
import io.keepset.policy.Instance;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Resolved;
import io.keepset.policy.Settings;
import io.keepset.policy.StoreFields;
import io.keepset.policy.StoreSpec;
import io.keepset.reconcile.Drift;
import io.keepset.reconcile.InForce;
import io.keepset.reconcile.Listing;
import io.keepset.reconcile.Report;
import io.keepset.reconcile.ReportText;
import io.keepset.reconcile.Retry;
import io.keepset.reconcile.Undeclared;
import io.keepset.retention.Backup;
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
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    SortedMap<String, Platform> planning(Collection<String> stores);

    /** For good. */
    void remember(Settings settings);

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

  /** All platforms, as plans of these policies are checked against; nothing is taken up by that. */
  public SortedMap<String, Platform> platforms(PolicySet policies) throws DriverException {
    return parts().declaring().planning(policies.stores().keySet());
  }

  /** The same, with the stores of policies that are still to be written. */
  public SortedMap<String, Platform> platforms(Collection<String> stores) throws DriverException {
    return parts().declaring().planning(stores);
  }

  /**
   * To be called before a plan that may be applied is: takes up settings, holds and new stores. A
   * store that is known stays as it is until {@link #settle}.
   */
  public void begin(PolicySet policies) throws DriverException {
    begin(policies, true);
  }

  /**
   * The same.
   *
   * @param ground false leaves the settings as they are
   */
  void begin(PolicySet policies, boolean ground) throws DriverException {
    if (ground) {
      parts().declaring().remember(policies.settings());
    }
    // Before anything can expire; what is to end stays until the plan was carried out.
    parts().declaring().remember(policies.holds().values(), false);
    Set<String> known = new HashSet<>(stores().names());
    for (StoreSpec store : policies.stores().values()) {
      if (!known.contains(store.name())) {
        remember(store);
      }
    }
  }

  /**
   * To be called after a plan was applied: uses up the approvals that it needed, ends the holds
   * that are no longer declared, unless the mode forbids that, and takes up the stores as declared,
   * except those of databases whose changes were not carried out. Whoever was stopped in between
   * does it the next time, when nothing is left to apply.
   */
  public void settle(PolicySet policies, Report report) throws DriverException {
    settle(policies, report, true);
  }

  /**
   * The same.
   *
   * @param ground false leaves it as it is by what later policies are judged
   */
  void settle(PolicySet policies, Report report, boolean ground) throws DriverException {
    if (!report.refused()) {
      boolean mayEnd = report.plan().mode() == Mode.FULL;
      parts().declaring().remember(policies.holds().values(), mayEnd);
    }
    if (!report.refused() && ground) {
      Footing footing = parts().declaring().footing();
      // A commit whose change is still to come is not behind us.
      boolean whole = report.plan().heldBack().isEmpty() && !report.failed();
      Footing after =
          footing.after(
              whole ? report.plan().revision() : Revision.DIRECTORY,
              policies.settings().approvals());
      if (!after.equals(footing)) {
        parts().declaring().remember(after);
      }
    }
    List<Spent> used = new ArrayList<>();
    for (Approval approval : report.spent()) {
      used.add(
          new Spent(
              approval.digest(),
              approval.name(),
              report.plan().hash(),
              report.plan().revision().id(),
              clock.instant()));
    }
    spend(used);
    for (String settled : report.settledStores(policies.stores().keySet())) {
      StoreSpec store = policies.stores().get(settled);
      if (store != null) {
        remember(store);
      }
    }
  }

  /** Carries plans out, here or on the server. */
  public Applying applying() throws DriverException {
    return parts().declaring().elsewhere().orElseGet(() -> Applying.here(this, true));
  }

  /** Writes down in the audit what an apply did, if it did anything. */
  public void note(Report report, String by) throws DriverException {
    if (!report.outcomes().isEmpty()) {
      audit().note(by, "apply", report.plan().revision().describe(), ReportText.summary(report));
    }
  }

  /** To be called after {@link #settle}: what drift is measured against from now on. */
  public void record(PolicySet policies, Report report, Instant at) throws DriverException {
    parts().ledger().record(InForce.of(report, policies), at);
  }

  /** What is live against what was last applied, and what is live in no file. */
  public Drift drift() throws DriverException {
    return parts().ledger().drift(platforms());
  }

  /** Asks those instances that want to be asked which databases they have. */
  public SortedMap<String, Listing> discover(Collection<Instance> instances)
      throws DriverException {
    List<Instance> asked = instances.stream().filter(Instance::discover).toList();
    return asked.isEmpty() ? new TreeMap<>() : parts().ledger().discover(asked);
  }

  /** The plan with the databases that instances have and no file names. */
  public Plan discovered(PolicySet policies, Plan plan) throws DriverException {
    SortedMap<String, Listing> listings = discover(policies.instances().values());
    return listings.isEmpty()
        ? plan
        : Undeclared.find(
                policies.protections().values().stream().map(Resolved::protection).toList(),
                policies.instances().values(),
                listings,
                Drivers.engines(clock),
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC))
            .addTo(plan);
  }

  /** How stores are set up now, by name. */
  public SortedMap<String, StoreSpec> storeSpecs() throws DriverException {
    return parts().ledger().stores();
  }

  /** The same with how approvals in these policies are judged, by what is in force and by them. */
  public Precedents precedents(PolicyFeed.Provenance provenance, PolicySet policies)
      throws DriverException {
    Footing footing = parts().declaring().footing();
    return precedents()
        .withMoved(moved(policies))
        .withEndorsement(
            provenance.endorsement(
                footing.applied(), footing.rules(), policies.settings().approvals()));
  }

  /** Stores in force that these policies put elsewhere, with all that lies in them. */
  private List<MovedStore> moved(PolicySet policies) throws DriverException {
    SortedMap<String, StoreSpec> inForce = storeSpecs();
    List<MovedStore> moved = new ArrayList<>();
    for (StoreSpec declared : policies.stores().values()) {
      StoreSpec there = inForce.get(declared.name());
      if (there != null && !StoreFields.samePlace(there, declared)) {
        moved.add(new MovedStore(declared, inStore(declared.name())));
      }
    }
    return moved;
  }

  private SortedMap<String, Integer> inStore(String store) throws DriverException {
    SortedMap<String, Integer> counts = new TreeMap<>();
    for (Platform platform : platforms().values()) {
      for (List<Backup> backups : platform.backups(platform.read().targets().keySet()).values()) {
        for (Backup backup : backups) {
          if (backup.store().equals(Optional.of(store)) && hasBytes(backup)) {
            counts.merge(backup.database(), 1, Integer::sum);
          }
        }
      }
    }
    return counts;
  }

  private static boolean hasBytes(Backup backup) {
    return switch (backup.state()) {
      case CREATED, RESTORING, EXPIRED -> true;
      case CREATING, FAILED, DELETED -> false;
    };
  }

  /** How plans that are made in this process ask a platform again. */
  public static Retry retry() {
    return Retry.usual(pause -> Thread.sleep(pause.toMillis()));
  }

  /** Makes one store known for good. */
  public void remember(StoreSpec store) throws DriverException {
    parts().declaring().remember(store);
  }

  /** What the guards of plans that are made here or on the server must know. */
  public Precedents precedents() throws DriverException {
    return new Precedents(
        parts().declaring().spent(), Optional.empty(), ApprovalEndorsement.ANY, List.of());
  }

  /** The revision that the server follows, if the work is done by one that follows any. */
  public Optional<Revision> followed() throws DriverException {
    return parts().declaring().followed();
  }

  /** Uses approvals up, for good. */
  public void spend(List<Spent> used) throws DriverException {
    if (!used.isEmpty()) {
      parts().declaring().spend(used);
    }
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
