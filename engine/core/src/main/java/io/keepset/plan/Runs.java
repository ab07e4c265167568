package io.keepset.plan;

import io.keepset.policy.Protection;
import io.keepset.policy.Schedule;
import io.keepset.policy.Suspension;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The runs that lie ahead of a protection. */
final class Runs {
  private Runs() {}

  /** The first run after an instant; empty if nothing is scheduled, or backups are off for good. */
  static Optional<Instant> next(
      String database,
      Collection<Schedule> schedules,
      Optional<Suspension> suspension,
      Instant after) {
    Optional<Instant> first = Optional.empty();
    for (Schedule schedule : schedules) {
      Optional<Instant> next =
          from(suspension, schedule.zone(), after).map(from -> schedule.next(database, from));
      if (next.isPresent() && (first.isEmpty() || next.get().isBefore(first.get()))) {
        first = next;
      }
    }
    return first;
  }

  /** The next run of a protection as it stands. */
  static Optional<Instant> next(Protection protection, Instant after) {
    return next(protection.name(), protection.schedules().values(), protection.suspension(), after);
  }

  /** How many runs a suspension costs; no more than {@code most} are counted. */
  static int missed(Protection protection, Instant now, int most) {
    int missed = 0;
    for (Schedule schedule : protection.schedules().values()) {
      Optional<Instant> end = from(protection.suspension(), schedule.zone(), now);
      Instant at = schedule.next(protection.name(), now);
      while (missed < most && (end.isEmpty() || !at.isAfter(end.get()))) {
        missed++;
        at = schedule.next(protection.name(), at);
      }
    }
    return missed;
  }

  /**
   * The next runs of new and changed schedules.
   *
   * @param count of each; if more than one, of all schedules
   */
  static List<NextRun> ahead(Change change, Instant now, int count) {
    if (count < 1 || change.after().isEmpty()) {
      return List.of();
    }
    Protection after = change.after().get();
    List<NextRun> next = new ArrayList<>();
    for (Schedule schedule : after.schedules().values()) {
      boolean shown =
          count > 1
              || change.before().isEmpty()
              || !schedule.equals(change.before().get().schedules().get(schedule.name()))
              || !change.before().get().suspension().equals(after.suspension());
      Optional<Instant> from = from(after.suspension(), schedule.zone(), now);
      if (shown && from.isPresent()) {
        for (Instant at : schedule.next(after.name(), from.get(), count)) {
          next.add(new NextRun(schedule.name(), at.atZone(schedule.zone())));
        }
      }
    }
    next.sort(Comparator.comparing(run -> run.at().toInstant()));
    return next;
  }

  /** From when on runs happen; empty if backups are off without an end. */
  private static Optional<Instant> from(Optional<Suspension> suspension, ZoneId zone, Instant now) {
    if (suspension.isEmpty()) {
      return Optional.of(now);
    }
    Optional<LocalDate> until = suspension.get().until();
    return until.map(
        day -> {
          Instant end = day.atStartOfDay(zone).toInstant().minusSeconds(1);
          return end.isAfter(now) ? end : now;
        });
  }
}
