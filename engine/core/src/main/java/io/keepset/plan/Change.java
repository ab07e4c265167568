package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.policy.Protection;
import io.keepset.policy.TargetId;
import java.util.List;
import java.util.Optional;

/**
 * What a plan does to one target.
 *
 * @param before empty on CREATE; on ADOPT the same as {@code after}
 * @param after empty on DELETE and UNDECLARED; both are empty on NONE if only backups are left of a
 *     database that is no longer declared
 * @param fields in order of path; empty unless something is written
 * @param nextRuns runs that a new or changed schedule leads to, in order of time; a forecast, no
 *     part of the decision
 * @param findings what keeps an UNSUPPORTED database from being protected, in order; empty
 *     otherwise
 * @param declaredAt where the database's block begins, if it is declared
 */
public record Change(
    Action action,
    TargetId target,
    Optional<Protection> before,
    Optional<Protection> after,
    List<FieldChange> fields,
    Impact impact,
    List<NextRun> nextRuns,
    List<Diagnostic> findings,
    Optional<Location> declaredAt) {
  public Change {
    fields = List.copyOf(fields);
    nextRuns = List.copyOf(nextRuns);
    findings = List.copyOf(findings);
    if (action == Action.UPDATE && (before.isEmpty() || after.isEmpty() || fields.isEmpty())) {
      throw new IllegalArgumentException("an update has a before, an after and fields: " + target);
    }
  }

  /** True if less can be restored afterwards, or less surely. */
  public boolean weakens() {
    if (action == Action.DELETE) {
      return true;
    }
    for (FieldChange field : fields) {
      if (field.grade() == Grade.WEAKENS) {
        return true;
      }
    }
    return false;
  }

  /** What it will have or, if that is nothing, what it has; empty if nothing is known of either. */
  public Optional<Protection> afterOrBefore() {
    return after.isPresent() ? after : before;
  }

  /** The same decision with what is known about its consequences. */
  public Change withForecast(Impact newImpact, List<NextRun> newRuns) {
    return new Change(
        action, target, before, after, fields, newImpact, newRuns, findings, declaredAt);
  }

  /** The same change with fields graded anew. */
  public Change withFields(List<FieldChange> newFields) {
    return new Change(
        action, target, before, after, newFields, impact, nextRuns, findings, declaredAt);
  }
}
