package io.keepset.reconcile;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Desired;
import io.keepset.plan.Plan;
import java.util.List;

/**
 * A plan with what the guards say to it.
 *
 * @param desired what it was made from
 * @param refusals empty if it may be applied
 */
public record Proposal(Desired desired, Plan plan, List<Diagnostic> refusals) {
  public Proposal {
    refusals = List.copyOf(refusals);
  }

  public boolean refused() {
    return !refusals.isEmpty();
  }
}
