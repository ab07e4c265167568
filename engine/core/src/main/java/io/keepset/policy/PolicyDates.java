package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * What the calendar says about a policy set. Whatever is good today stays good tomorrow: what only
 * comes with time is a warning, so that it can't stop every apply.
 */
public final class PolicyDates {
  /** A pause is an exception that somebody looks at again. */
  private static final int LONGEST_DAYS = 90;

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
      resolved
          .protection()
          .suspension()
          .filter(off -> !off.disabled())
          .filter(
              off ->
                  off.until().filter(day -> day.isAfter(today.plusDays(LONGEST_DAYS))).isPresent())
          .ifPresent(off -> found.add(tooLong(resolved, off, today)));
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

  /** An error, unlike the rest: with each day that passes a pause gets shorter, never longer. */
  private static Diagnostic tooLong(Resolved resolved, Suspension off, LocalDate today) {
    Origin origin = resolved.origins().get("backups.until");
    return Diagnostic.error(
            "backups.too-long",
            "backups of "
                + resolved.protection().name()
                + " are paused until "
                + off.until().orElseThrow()
                + ", a pause lasts at most "
                + LONGEST_DAYS
                + " days: until "
                + today.plusDays(LONGEST_DAYS),
            origin == null ? resolved.declaredAt() : origin.at())
        .withHint("choose an earlier day, or say disabled if nobody knows when they run again");
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
