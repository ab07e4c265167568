package io.keepset.plan;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Limits;
import io.keepset.policy.Limits.Belt;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How much one plan may cost without saying so. A plan that exceeds the count or the percentage is
 * refused; both hold for fleets of any size, so that one backup of three, or one database of two,
 * is never lost unnoticed.
 */
final class BeltGuard implements Guard {
  static final String BACKUPS = "limits.backups_deleted";
  static final String DATABASES = "limits.databases_disabled";

  @Override
  public List<Objection> check(Plan plan, Circumstances circumstances) {
    Limits limits = circumstances.rails().limits();
    List<Objection> objections = new ArrayList<>();
    int going = Costs.backups(plan);
    int all = 0;
    for (int count : circumstances.restorable().values()) {
      all += count;
    }
    if (exceeds(limits.backupsDeleted(), going, all)) {
      objections.add(
          objection(
              BACKUPS,
              "guard.backups_deleted",
              going + " of " + Figures.count(all, "backup") + " would go or be out of reach",
              limits.backupsDeleted(),
              first(plan, change -> Costs.backups(change) > 0)));
    }
    LocalDate today = circumstances.today();
    Set<String> declared = Costs.declared(plan);
    int off = Costs.switchedOff(plan, today);
    int running = off == 0 ? 0 : Costs.protectedNow(plan, today);
    if (exceeds(limits.databasesDisabled(), off, running)) {
      objections.add(
          objection(
              DATABASES,
              "guard.databases_disabled",
              off + " of " + Figures.count(running, "database") + " would no longer be backed up",
              limits.databasesDisabled(),
              first(plan, change -> Costs.switchesOff(change, declared, today))));
    }
    return objections;
  }

  private static boolean exceeds(Belt belt, int part, int all) {
    return part > belt.count() || (long) part * 100 > (long) belt.percent() * all;
  }

  /** The line of the first change of this kind. */
  private static Optional<Location> first(Plan plan, Predicate<Change> kind) {
    for (Change change : plan.changes()) {
      if (plan.permits(change) && kind.test(change)) {
        Optional<Location> place = Costs.place(change);
        if (place.isPresent()) {
          return place;
        }
      }
    }
    return Optional.empty();
  }

  private static Objection objection(
      String name, String code, String what, Belt belt, Optional<Location> at) {
    return Objection.unless(
        name,
        code,
        "",
        what,
        ", more than keepset."
            + name
            + " allows at once ("
            + belt.count()
            + ", and "
            + belt.percent()
            + " %)",
        at);
  }
}
