package io.keepset.app;

import io.keepset.policy.DeclaredHold;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Settings;
import io.keepset.policy.StoreSpec;
import io.keepset.reconcile.Report;
import io.keepset.reconcile.ReportText;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.HoldOperations;
import io.keepset.spi.Platform;
import io.keepset.spi.Secrets;
import io.keepset.spi.StoreOperations;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
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

    /** For good; what is known so already costs nothing. */
    void remember(StoreSpec store) throws DriverException;
  }

  /** Tells how everything that is protected stands. */
  public interface Reporting {
    /** As schemas/status.schema.json describes it. */
    MapNode status() throws DriverException;
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
      Declaring declaring,
      Reporting reporting,
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

  /** Where the work is done: {@code here}, or the address of a server. */
  public String where() throws DriverException {
    return parts().where();
  }

  /** All platforms, as plans of these policies are checked against; nothing is taken up by that. */
  public SortedMap<String, Platform> platforms(PolicySet policies) throws DriverException {
    return parts().declaring().planning(policies.stores().keySet());
  }

  /**
   * To be called before a plan that may be applied is: takes up settings, holds and new stores. A
   * store that is known stays as it is until {@link #settle}.
   */
  public void begin(PolicySet policies) throws DriverException {
    parts().declaring().remember(policies.settings());
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
   * To be called after a plan was applied: ends the holds that are no longer declared, unless the
   * mode forbids that, and takes up the stores as declared, except those of databases whose changes
   * were not carried out. Whoever was stopped in between does it the next time, when nothing is
   * left to apply.
   */
  public void settle(PolicySet policies, Report report) throws DriverException {
    if (!report.refused()) {
      boolean mayEnd = report.plan().mode() == Mode.FULL;
      parts().declaring().remember(policies.holds().values(), mayEnd);
    }
    for (String settled : report.settledStores(policies.stores().keySet())) {
      StoreSpec store = policies.stores().get(settled);
      if (store != null) {
        remember(store);
      }
    }
  }

  /** Writes down in the audit what an apply did, if it did anything. */
  public void note(Report report, String by) throws DriverException {
    if (!report.outcomes().isEmpty()) {
      audit().note(by, "apply", report.plan().revision().describe(), ReportText.summary(report));
    }
  }

  /** Makes one store known for good. */
  public void remember(StoreSpec store) throws DriverException {
    parts().declaring().remember(store);
  }

  /**
   * Takes up holds in files.
   *
   * @param whole also ends those that are no longer there
   */
  public void remember(Collection<DeclaredHold> holds, boolean whole) throws DriverException {
    parts().declaring().remember(holds, whole);
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
