package io.keepset.app;

import io.keepset.plan.Precedents;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicySet;
import io.keepset.reconcile.Outcome;
import io.keepset.reconcile.Proposal;
import io.keepset.reconcile.Report;
import io.keepset.spi.DriverException;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Carries out a plan that somebody looked at, exactly or not at all, with all that belongs to it.
 */
public interface Applying {
  /**
   * What is to be carried out.
   *
   * @param proposal was let through by the guards
   * @param policies what it was made from
   * @param precedents what the guards judged it by
   */
  record Order(Proposal proposal, PolicySet policies, Precedents precedents) {}

  /**
   * Plans once more against what is live now, and refuses if that comes to other decisions. A plan
   * in which there is nothing to do still settles what an earlier apply left.
   *
   * @param by who, as the audit names people
   * @param heard of each change as it ends
   */
  Report apply(Order order, String by, Instant now, Consumer<Outcome> heard) throws DriverException;

  /**
   * On state that is open in this process.
   *
   * @param ground whether the policies become the ground for judging later ones, and their settings
   *     those of the installation
   */
  static Applying here(Keepset keepset, boolean ground) {
    Rollout rollout = keepset.rollout(ground);
    return (order, by, now, heard) -> {
      boolean nothing = order.proposal().plan().applicable().isEmpty();
      if (order.proposal().plan().mode() != Mode.OBSERVE) {
        rollout.begin(order.policies());
      }
      Report report =
          nothing
              ? Report.nothingToDo(order.proposal())
              : keepset
                  .planner()
                  .reconciler(order.policies(), order.precedents())
                  .applyExactly(
                      order.proposal().desired(),
                      order.proposal().plan().mode(),
                      order.proposal().plan().hash(),
                      now,
                      heard);
      if (!report.refused() && report.plan().mode() != Mode.OBSERVE) {
        rollout.settle(order.policies(), report);
        rollout.record(order.policies(), report, now);
      }
      rollout.note(report, by);
      return report;
    };
  }
}
