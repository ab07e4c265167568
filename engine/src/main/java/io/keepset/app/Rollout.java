package io.keepset.app;

import io.keepset.plan.Revision;
import io.keepset.plan.Spent;
import io.keepset.policy.Approval;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicySet;
import io.keepset.policy.StoreSpec;
import io.keepset.reconcile.InForce;
import io.keepset.reconcile.Report;
import io.keepset.reconcile.ReportText;
import io.keepset.spi.DriverException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What policies bring with them besides the changes of a plan: settings, holds, stores, approvals
 * used. To be called in the order of its methods.
 */
public final class Rollout {
  private final Clock clock;
  private final Keepset.Opening parts;
  private final boolean ground;

  /**
   * @param ground whether the policies become the ground for judging later ones, and their settings
   *     those of the installation
   */
  Rollout(Clock clock, Keepset.Opening parts, boolean ground) {
    this.clock = clock;
    this.parts = parts;
    this.ground = ground;
  }

  /**
   * To be called before a plan that may be applied is: takes up settings, holds and new stores. A
   * store that is known stays as it is until {@link #settle}.
   */
  public void begin(PolicySet policies) throws DriverException {
    Keepset.Declaring declaring = parts.open().declaring();
    if (ground) {
      declaring.remember(policies.settings());
    }
    // Before anything can expire; what is to end stays until the plan was carried out.
    declaring.remember(policies.holds().values(), false);
    Set<String> known = new HashSet<>(parts.open().stores().names());
    for (StoreSpec store : policies.stores().values()) {
      if (!known.contains(store.name())) {
        declaring.remember(store);
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
    Keepset.Declaring declaring = parts.open().declaring();
    if (!report.refused()) {
      declaring.remember(policies.holds().values(), report.plan().mode() == Mode.FULL);
      if (ground) {
        standOn(policies, report, declaring);
      }
    }
    List<Spent> used = report.spent().stream().map(approval -> spent(approval, report)).toList();
    if (!used.isEmpty()) {
      declaring.spend(used);
    }
    for (String settled : report.settledStores(policies.stores().keySet())) {
      StoreSpec store = policies.stores().get(settled);
      if (store != null) {
        declaring.remember(store);
      }
    }
  }

  private static void standOn(PolicySet policies, Report report, Keepset.Declaring declaring)
      throws DriverException {
    Footing footing = declaring.footing();
    // A commit whose change is still to come is not behind us.
    boolean whole = report.plan().heldBack().isEmpty() && !report.failed();
    Footing after =
        footing.after(
            whole ? report.plan().revision() : Revision.DIRECTORY, policies.settings().approvals());
    if (!after.equals(footing)) {
      declaring.remember(after);
    }
  }

  private Spent spent(Approval approval, Report report) {
    return new Spent(
        approval.digest(),
        approval.name(),
        report.plan().hash(),
        report.plan().revision().id(),
        clock.instant());
  }

  /** Writes down in the audit what an apply did, if it did anything. */
  public void note(Report report, String by) throws DriverException {
    if (!report.outcomes().isEmpty()) {
      parts
          .open()
          .audit()
          .note(by, "apply", report.plan().revision().describe(), ReportText.summary(report));
    }
  }

  /** To be called after {@link #settle}: what drift is measured against from now on. */
  public void record(PolicySet policies, Report report, Instant at) throws DriverException {
    parts.open().ledger().record(InForce.of(report, policies), at);
  }
}
