package io.keepset.reconcile;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Plan;
import io.keepset.plan.Revision;
import io.keepset.policy.Mode;
import java.util.List;

/**
 * What a reconciliation came to.
 *
 * @param plan what was found to differ
 * @param refusals why nothing was written: what guards said, or all that was found in files with
 *     mistakes; empty if the plan was let through
 * @param outcomes one per change that was to be written, in the order of the plan's {@link
 *     Plan#applicable}
 */
public record Report(Plan plan, List<Diagnostic> refusals, List<Outcome> outcomes) {
  public Report {
    refusals = List.copyOf(refusals);
    outcomes = List.copyOf(outcomes);
  }

  /** Nothing could be planned, because the files are wrong. */
  static Report mistaken(Revision revision, Mode mode, List<Diagnostic> mistakes) {
    return new Report(new Plan(revision, mode, List.of(), List.of()), mistakes, List.of());
  }

  public boolean refused() {
    return !refusals.isEmpty();
  }

  /** True unless everything that was to be written was. */
  public boolean failed() {
    return count(Outcome.Status.DONE) < outcomes.size();
  }

  public int count(Outcome.Status status) {
    int count = 0;
    for (Outcome outcome : outcomes) {
      if (outcome.status() == status) {
        count++;
      }
    }
    return count;
  }
}
