package io.keepset.app;

import io.keepset.drivers.Drivers;
import io.keepset.plan.ApprovalEndorsement;
import io.keepset.plan.Guards;
import io.keepset.plan.MovedStore;
import io.keepset.plan.Plan;
import io.keepset.plan.Precedents;
import io.keepset.plan.SettingChange;
import io.keepset.policy.Instance;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Resolved;
import io.keepset.policy.StoreFields;
import io.keepset.policy.StoreSpec;
import io.keepset.reconcile.Listing;
import io.keepset.reconcile.PlanMemory;
import io.keepset.reconcile.Reconciler;
import io.keepset.reconcile.Retry;
import io.keepset.reconcile.Undeclared;
import io.keepset.retention.Backup;
import io.keepset.spi.DriverException;
import io.keepset.spi.Platform;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Plans policies against what an installation has. Nothing is taken up by that. */
public final class Planner {
  private final Clock clock;
  private final Keepset.Opening parts;

  Planner(Clock clock, Keepset.Opening parts) {
    this.clock = clock;
    this.parts = parts;
  }

  /** With all guards, over all platforms as these policies would have them. */
  public Reconciler reconciler(PolicySet policies, Precedents precedents) throws DriverException {
    return reconciler(policies, precedents, new PlanMemory());
  }

  /**
   * The same.
   *
   * @param memory of earlier plans of the same policies
   */
  public Reconciler reconciler(PolicySet policies, Precedents precedents, PlanMemory memory)
      throws DriverException {
    return new Reconciler(
        parts.open().declaring().planning(policies.stores().values()),
        Guards.always(),
        Retry.usual(pause -> Thread.sleep(pause.toMillis())),
        precedents,
        memory);
  }

  /** What guards must know of what is in force: approvals used, and stores that would move. */
  public Precedents precedents(PolicyFeed.Provenance provenance, PolicySet policies)
      throws DriverException {
    Footing footing = parts.open().declaring().footing();
    return new Precedents(
            parts.open().declaring().spent(),
            Optional.empty(),
            ApprovalEndorsement.ANY,
            moved(policies),
            settings(policies))
        .withEndorsement(
            provenance.endorsement(
                footing.applied(), footing.rules(), policies.settings().approvals()));
  }

  private List<SettingChange> settings(PolicySet policies) throws DriverException {
    return parts
        .open()
        .declaring()
        .statesInForce()
        .map(rules -> SettingChange.between(rules, policies.settings().terraform()))
        .orElse(List.of());
  }

  /** Stores in force that these policies put elsewhere, with all that lies in them. */
  private List<MovedStore> moved(PolicySet policies) throws DriverException {
    SortedMap<String, StoreSpec> inForce = parts.open().ledger().stores();
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
    for (Platform platform : parts.open().platforms().values()) {
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

  /** Asks those instances that want to be asked which databases they have. */
  public SortedMap<String, Listing> discover(Collection<Instance> instances)
      throws DriverException {
    List<Instance> asked = instances.stream().filter(Instance::discover).toList();
    return asked.isEmpty() ? new TreeMap<>() : parts.open().ledger().discover(asked);
  }

  /** The plan with the databases that instances have and no file names. */
  public Plan discovered(PolicySet policies, Plan plan) throws DriverException {
    Map<String, Listing> listings = discover(policies.instances().values());
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
}
