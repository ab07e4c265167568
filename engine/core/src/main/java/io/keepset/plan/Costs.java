package io.keepset.plan;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Protection;
import io.keepset.policy.Suspension;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What changes cost, counted the same way for limits and for approvals. */
final class Costs {
  private Costs() {}

  /** How many backups go, or are left where nobody finds them, because of the change. */
  static int backups(Change change) {
    return change.impact().casualties().size() + change.impact().outOfReach().size();
  }

  /** All that the plan would really do. */
  static int backups(Plan plan) {
    int sum = 0;
    for (Change change : plan.changes()) {
      sum += plan.permits(change) ? backups(change) : 0;
    }
    return sum;
  }

  /** How many databases have backups made now. */
  static int protectedNow(Plan plan, LocalDate today) {
    int count = 0;
    for (Change change : plan.changes()) {
      count += change.before().isPresent() && runs(change.before().get(), today) ? 1 : 0;
    }
    return count;
  }

  /** How many of them would have none made any more: removed, disabled or paused. */
  static int switchedOff(Plan plan, LocalDate today) {
    Set<String> declared = declared(plan);
    int count = 0;
    for (Change change : plan.changes()) {
      count += plan.permits(change) && switchesOff(change, declared, today) ? 1 : 0;
    }
    return count;
  }

  static boolean switchesOff(Change change, Set<String> declared, LocalDate today) {
    if (change.before().isEmpty() || !runs(change.before().get(), today)) {
      return false;
    }
    return change.after().isPresent()
        ? !runs(change.after().get(), today)
        : change.action() == Action.DELETE && !declared.contains(change.target().name());
  }

  /**
   * Names that some platform keeps protecting: a database that moves does not end. Empty if none
   * ends anywhere, because nobody asks then.
   */
  static Set<String> declared(Plan plan) {
    Set<String> names = new HashSet<>();
    if (plan.count(Action.DELETE) == 0) {
      return names;
    }
    for (Change change : plan.changes()) {
      if (change.after().isPresent()) {
        names.add(change.target().name());
      }
    }
    return names;
  }

  /** The line that does most of it: of the first field that weakens, else of the block. */
  static Optional<Location> place(Change change) {
    for (FieldChange field : change.fields()) {
      if (field.grade() == Grade.WEAKENS && field.declaredAt().isPresent()) {
        return field.declaredAt();
      }
    }
    return change.declaredAt();
  }

  private static boolean runs(Protection protection, LocalDate today) {
    Optional<LocalDate> until = protection.suspension().flatMap(Suspension::until);
    boolean over = until.isPresent() && !until.get().isAfter(today);
    return protection.suspension().isEmpty() || over;
  }
}
