package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * What the calendar says about a policy set. Warnings, never errors: a commit that was good
 * yesterday must not stop every apply today.
 */
public final class PolicyDates {
  private PolicyDates() {}

  /** In the order of the blocks' names. */
  public static List<Diagnostic> check(PolicySet set, LocalDate today) {
    List<Diagnostic> found = new ArrayList<>();
    for (Resolved resolved : set.protections().values()) {
      resolved
          .protection()
          .suspension()
          .filter(off -> off.until().isPresent() && !off.until().get().isAfter(today))
          .ifPresent(off -> found.add(over(resolved, off)));
    }
    for (Instance instance : set.instances().values()) {
      instance
          .excluded()
          .forEach(
              (name, why) -> {
                if (!why.holdsOn(today)) {
                  found.add(missed(instance, name, why.until().orElseThrow()));
                }
              });
    }
    for (DeclaredHold declared : set.holds().values()) {
      if (!declared.hold().reviewBy().isAfter(today)) {
        found.add(review(declared));
      }
    }
    for (Approval approval : set.approvals().values()) {
      if (!approval.expires().isAfter(today)) {
        found.add(expired(approval));
      }
    }
    return List.copyOf(found);
  }

  private static Diagnostic over(Resolved resolved, Suspension off) {
    Origin origin = resolved.origins().get("backups.until");
    return Diagnostic.warning(
            "backups.over",
            "backups of "
                + resolved.protection().name()
                + " run again since "
                + off.until().orElseThrow()
                + ": what switches them off is over",
            origin == null ? resolved.declaredAt() : origin.at())
        .withHint("remove backups, or move until");
  }

  private static Diagnostic missed(Instance instance, String database, LocalDate until) {
    return Diagnostic.warning(
            "instance.excluded",
            "database "
                + database
                + " of instance "
                + instance.name()
                + " is missed again since "
                + until
                + ": what excludes it is over",
            instance.at())
        .withHint("declare it, move until, or remove the exclusion");
  }

  private static Diagnostic review(DeclaredHold declared) {
    Hold hold = declared.hold();
    return Diagnostic.warning(
            "hold.date",
            "hold " + hold.name() + ": review_by was " + hold.reviewBy(),
            declared.reviewAt())
        .withHint("look whether it is still needed; until it is removed it holds");
  }

  private static Diagnostic expired(Approval approval) {
    return Diagnostic.warning(
            "approval.date",
            "approval " + approval.name() + ": expires was " + approval.expires(),
            approval.expiresAt())
        .withHint("remove it: it no longer counts");
  }
}
