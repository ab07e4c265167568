package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Approval;
import java.util.List;
import java.util.Optional;

/**
 * What the guards say to a plan.
 *
 * @param refusals empty if it may be applied
 * @param request the approval that would let it pass, if one would
 * @param notes what they say besides
 * @param used approvals without which it would be refused; an apply uses them up
 */
public record Verdict(
    List<Diagnostic> refusals,
    Optional<ApprovalRequest> request,
    List<Diagnostic> notes,
    List<Approval> used) {
  public Verdict {
    refusals = List.copyOf(refusals);
    notes = List.copyOf(notes);
    used = List.copyOf(used);
  }
}
