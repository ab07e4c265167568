package io.keepset.reconcile;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.ApprovalRequest;
import io.keepset.plan.Desired;
import io.keepset.plan.Plan;
import io.keepset.plan.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * A plan with what the guards say to it.
 *
 * @param desired what it was made from
 */
public record Proposal(Desired desired, Plan plan, Verdict verdict) {
  /** Empty if it may be applied. */
  public List<Diagnostic> refusals() {
    return verdict.refusals();
  }

  public boolean refused() {
    return !refusals().isEmpty();
  }

  /** The approval that would let it pass, if one would. */
  public Optional<ApprovalRequest> request() {
    return verdict.request();
  }
}
