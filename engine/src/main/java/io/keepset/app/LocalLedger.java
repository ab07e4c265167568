package io.keepset.app;

import io.keepset.app.state.Baseline;
import io.keepset.plan.Inventory;
import io.keepset.plan.LiveTarget;
import io.keepset.policy.Instance;
import io.keepset.policy.Protection;
import io.keepset.policy.StoreFields;
import io.keepset.policy.StoreSpec;
import io.keepset.policy.TargetId;
import io.keepset.reconcile.Drift;
import io.keepset.reconcile.InForce;
import io.keepset.reconcile.Listing;
import io.keepset.reconcile.Undeclared;
import io.keepset.spi.DriverException;
import io.keepset.spi.Engine;
import io.keepset.spi.Platform;
import io.keepset.spi.Secrets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The ledger of an installation whose state this process has open. */
final class LocalLedger implements Keepset.Ledger {
  private final Baseline baseline;
  private final Supplier<SortedMap<String, StoreSpec>> stores;
  private final SortedMap<String, Engine> engines;
  private final Secrets secrets;
  private final Clock clock;
  private final Runnable recorded;
  private volatile Supplier<SortedMap<TargetId, String>> idle = TreeMap::new;

  /**
   * @param recorded told when something else is in force than before
   */
  LocalLedger(
      Baseline baseline,
      Supplier<SortedMap<String, StoreSpec>> stores,
      SortedMap<String, Engine> engines,
      Secrets secrets,
      Clock clock,
      Runnable recorded) {
    this.baseline = baseline;
    this.stores = stores;
    this.engines = engines;
    this.secrets = secrets;
    this.clock = clock;
    this.recorded = recorded;
  }

  /** Only who runs the schedules knows which of them stand still. */
  void watchSchedules(Supplier<SortedMap<TargetId, String>> newIdle) {
    idle = newIdle;
  }

  @Override
  public void record(InForce inForce, Instant at) {
    baseline.record(inForce, at);
    recorded.run();
  }

  @Override
  public Drift drift(Map<String, Platform> platforms) throws DriverException {
    Optional<Drift.Applied> applied = baseline.applied();
    if (applied.isEmpty()) {
      return Drift.unknown();
    }
    SortedMap<TargetId, Protection> inForce = baseline.protections();
    List<Instance> instances = baseline.instances();
    Undeclared undeclared =
        Undeclared.find(
            inForce.values(),
            instances,
            discover(instances),
            engines,
            LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    return Drift.between(applied.get(), inForce, live(platforms), idle.get(), undeclared);
  }

  /** Protections with their stores as those are set up now, not as the protections remember. */
  private SortedMap<String, Inventory> live(Map<String, Platform> platforms)
      throws DriverException {
    SortedMap<String, StoreSpec> specs = stores.get();
    SortedMap<String, Inventory> live = new TreeMap<>();
    for (Map.Entry<String, Platform> platform : platforms.entrySet()) {
      SortedMap<String, LiveTarget> targets = new TreeMap<>();
      platform
          .getValue()
          .read()
          .targets()
          .forEach(
              (name, target) ->
                  targets.put(
                      name,
                      new LiveTarget(
                          target.target(),
                          target.protection().map(protection -> asStored(protection, specs)),
                          target.owned())));
      live.put(platform.getKey(), new Inventory(targets));
    }
    return live;
  }

  private static Protection asStored(Protection protection, Map<String, StoreSpec> specs) {
    if (protection.store().isEmpty() || !StoreFields.known(protection)) {
      return protection;
    }
    return StoreFields.add(protection, specs);
  }

  @Override
  public SortedMap<String, Listing> discover(Collection<Instance> instances) {
    return Listing.ask(instances, engines, secrets);
  }

  @Override
  public SortedMap<String, StoreSpec> stores() {
    return stores.get();
  }
}
