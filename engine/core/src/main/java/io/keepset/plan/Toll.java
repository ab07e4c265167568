package io.keepset.plan;

import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Schedule;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.Decision;
import io.keepset.retention.Holding;
import io.keepset.retention.Outlook;
import io.keepset.retention.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which backups the step from one protection to another costs, and when. Two futures begin with the
 * backups of today; both are decided by the {@link Sweep} that the runner carries out. In both of
 * them runs go on as scheduled and are good, and both pause alike: a pause keeps old backups only
 * because nothing new is made.
 *
 * <p>While a backup in its grace is being restored nobody knows when it can come back and take
 * another's place: what goes in either case is named, the earlier day counts. One thing is not
 * looked through to its end: a rule limited by age keeps the oldest of all as well, which what is
 * in its grace may be for as long as it is there; for runs to come that is left out.
 */
final class Toll {
  /** How far ahead the two futures are compared, and over how many runs. */
  static final Duration HORIZON = Duration.ofDays(400);

  static final int RUNS = 100;

  /** What a change of summer time can add to the time between two runs. */
  private static final Duration SUMMER = Duration.ofHours(1);

  private static final Comparator<Backup> BY_TIME =
      Comparator.comparing(Backup::time).thenComparing(Backup::id);

  private final Optional<Protection> before;
  private final Protection after;
  private final RetentionReach reach;
  private final Function<Backup, List<String>> holdsBefore;
  private final Function<Backup, List<String>> holdsAfter;
  private final boolean deletesNothing;
  private final Instant now;

  /**
   * @param before empty if nothing looked after the backups: then all stay
   * @param holds besides those that are part of the protections
   * @param deletesNothing whether nothing of this database is deleted before its next good run
   */
  Toll(
      Optional<Protection> before,
      Protection after,
      RetentionReach reach,
      boolean deletesNothing,
      Function<Backup, List<String>> holds,
      Instant now) {
    this.before = before;
    this.after = after;
    this.reach = reach;
    this.holdsBefore =
        before
            .map(Holding::in)
            .<Function<Backup, List<String>>>map(h -> h.with(holds))
            .orElse(holds);
    this.holdsAfter = Holding.in(after).with(holds);
    this.deletesNothing = deletesNothing;
    this.now = now;
  }

  /** What one protection makes of the backups today. */
  private record Today(
      Set<String> wanted,
      List<Backup> kept,
      List<Backup> left,
      List<Backup> returning,
      boolean frozen) {}

  /**
   * @param all backups that are decided about together, oldest first, in any state: the originals
   *     of one database, or its copies in one place
   * @param oldRules empty if nothing decided about them: then all stay
   */
  Impact of(List<Backup> all, Optional<Retention> oldRules, Retention newRules) {
    Impact impact = judged(all, oldRules, newRules);
    if (all.stream().noneMatch(Toll::isReadInGrace)) {
      return impact;
    }
    // It may come back when its restore has ended, and take another's place.
    List<Backup> ended = new ArrayList<>(all.size());
    for (Backup backup : all) {
      ended.add(isReadInGrace(backup) ? backup.settled() : backup);
    }
    return impact.or(judged(ended, oldRules, newRules));
  }

  private static boolean isReadInGrace(Backup backup) {
    return backup.state() == BackupState.RESTORING && backup.expiredAt().isPresent();
  }

  private Impact judged(List<Backup> all, Optional<Retention> oldRules, Retention newRules) {
    if (all.isEmpty()) {
      return Impact.NONE;
    }
    if (!reach.touchesOld()) {
      return untouched(all);
    }
    Protection earlier = before.orElse(after);
    Today old =
        oldRules
            .map(rules -> today(all, rules, earlier.zone(), holdsBefore))
            .orElseGet(() -> everything(all));
    Today wanted = today(all, newRules, after.zone(), holdsAfter);
    Outlook oldDays =
        oldRules
            .map(rules -> outlook(old, rules, earlier, holdsBefore))
            .orElseGet(() -> outlook(old, newRules, earlier, b -> List.of("nothing decides")));
    Outlook newDays = outlook(wanted, newRules, after, holdsAfter);
    List<Casualty> casualties = new ArrayList<>();
    List<Casualty> sooner = new ArrayList<>();
    int total = 0;
    for (Backup backup : all) {
      if (!old.wanted.contains(backup.id())) {
        total += isRestorable(backup) ? 1 : 0;
      } else if (!wanted.wanted.contains(backup.id())) {
        casualties.add(casualty(backup, wanted, oldDays));
        total++;
      } else {
        total += isRestorable(backup) ? 1 : 0;
        later(backup, oldRules.isPresent(), oldDays, newDays).ifPresent(sooner::add);
      }
    }
    List<Backup> returning = new ArrayList<>();
    for (Backup backup : wanted.returning) {
      if (old.returning.stream().noneMatch(other -> other.id().equals(backup.id()))) {
        returning.add(backup);
      }
    }
    return new Impact(
        casualties,
        sooner,
        returning,
        List.of(),
        List.of(),
        total,
        after.grace(),
        Span.of(old.kept, now),
        Span.of(wanted.kept, now),
        List.of());
  }

  /** Old backups keep the rules under which they were made, or nothing ever goes. */
  private Impact untouched(List<Backup> all) {
    List<Backup> restorable = restorable(all);
    Span span = Span.of(restorable, now);
    return new Impact(
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        restorable.size(),
        after.grace(),
        span,
        span,
        List.of());
  }

  private Today today(
      List<Backup> all, Retention rules, ZoneId zone, Function<Backup, List<String>> holds) {
    List<Backup> present = new ArrayList<>(all.size());
    List<Backup> settled = new ArrayList<>(all.size());
    Set<String> away = new HashSet<>();
    for (Backup backup : all) {
      settled.add(backup.settled());
      if (isReadInGrace(backup)) {
        away.add(backup.id());
        present.add(backup);
      } else {
        present.add(backup.settled());
      }
    }
    Sweep sweep = Sweep.of(present, rules, zone, now, holds);
    Set<String> wanted = new HashSet<>();
    List<Backup> kept = new ArrayList<>();
    List<Backup> left = new ArrayList<>();
    for (Decision decision : sweep.decisions()) {
      if (decision.wanted()) {
        wanted.add(decision.backup().id());
        kept.add(decision.backup());
      }
      if (decision.kept()) {
        left.add(decision.backup());
      }
    }
    List<Backup> returning = new ArrayList<>();
    for (Decision decision : sweep.returning()) {
      wanted.add(decision.backup().id());
      returning.add(decision.backup());
    }
    if (!away.isEmpty()) {
      // A restore reads them although they had expired: they are judged when it has ended.
      for (Decision decision : Sweep.of(settled, rules, zone, now, holds).returning()) {
        if (away.contains(decision.backup().id())) {
          wanted.add(decision.backup().id());
        }
      }
    }
    kept.addAll(returning);
    left.addAll(returning);
    kept.sort(BY_TIME);
    return new Today(wanted, kept, left, returning, sweep.frozen().isPresent());
  }

  /** A database without a protection keeps all it has, and deletes nothing. */
  private static Today everything(List<Backup> all) {
    Set<String> wanted = new HashSet<>();
    List<Backup> kept = new ArrayList<>();
    for (Backup backup : all) {
      if (isRestorable(backup) || backup.state() == BackupState.EXPIRED) {
        wanted.add(backup.id());
        kept.add(backup);
      }
    }
    return new Today(wanted, kept, kept, List.of(), false);
  }

  private Outlook outlook(
      Today today, Retention rules, Protection of, Function<Backup, List<String>> kept) {
    Collection<Schedule> schedules =
        of.schedules().isEmpty() ? after.schedules().values() : of.schedules().values();
    return Outlook.of(
        today.left,
        rules,
        of.zone(),
        kept,
        at -> Runs.next(after.name(), schedules, after.suspension(), at),
        now,
        now.plus(HORIZON),
        RUNS);
  }

  private Casualty casualty(Backup backup, Today today, Outlook oldDays) {
    Optional<Instant> otherwise = oldDays.expires(backup.id());
    if (backup.state() == BackupState.RESTORING) {
      return new Casualty(backup, Onset.RESTORE_END, Optional.empty(), Optional.empty(), otherwise);
    }
    Optional<Instant> run = Runs.next(after, now);
    boolean waits = today.frozen || reach == RetentionReach.NEXT_RUN;
    Optional<Instant> expires = waits ? run : Optional.of(now);
    if (backup.state() == BackupState.EXPIRED) {
      Optional<Instant> end = backup.deleteAfter().map(at -> at.isAfter(now) ? at : now);
      return new Casualty(
          backup, Onset.GRACE_END, backup.expiredAt(), deleted(end, run), otherwise);
    }
    Onset onset =
        reach == RetentionReach.NEXT_RUN
            ? Onset.NEXT_RUN
            : today.frozen ? Onset.GOOD_RUN : Onset.AT_ONCE;
    Optional<Instant> end = expires.map(at -> at.plus(after.grace()));
    return new Casualty(backup, onset, expires, deleted(end, run), otherwise);
  }

  /** The end of its grace, or the run without which nothing is deleted. */
  private Optional<Instant> deleted(Optional<Instant> graceEnd, Optional<Instant> run) {
    boolean waits = deletesNothing || reach == RetentionReach.NEXT_RUN;
    if (!waits || graceEnd.isEmpty() || run.isEmpty()) {
      return waits && run.isEmpty() ? Optional.empty() : graceEnd;
    }
    return graceEnd.get().isBefore(run.get()) ? run : graceEnd;
  }

  /** One that both want today, if runs to come push it out sooner than they would have. */
  private Optional<Casualty> later(
      Backup backup, boolean decided, Outlook oldDays, Outlook newDays) {
    Optional<Instant> expires = newDays.expires(backup.id());
    if (expires.isEmpty() || expires.get().isAfter(oldDays.reached())) {
      return Optional.empty();
    }
    Optional<Instant> otherwise = oldDays.expires(backup.id());
    Instant end = otherwise.orElse(oldDays.reached());
    if (decided && before.isPresent() && !before.get().schedules().equals(after.schedules())) {
      // Runs at other times let others go at other times: a loss is what has no near neighbour.
      Duration distance = distance(before.get());
      Instant covered = end.minus(distance);
      if (newDays.covers(backup.time(), distance, expires.get(), covered)) {
        return Optional.empty();
      }
    } else if (otherwise.isPresent() && !end.isAfter(expires.get())) {
      return Optional.empty();
    }
    return Optional.of(
        new Casualty(
            backup, Onset.LATER, expires, expires.map(at -> at.plus(after.grace())), otherwise));
  }

  /** How near a backup must be to stand for another: the time between two of the old runs. */
  private static Duration distance(Protection before) {
    Duration shortest = HORIZON;
    for (Schedule schedule : before.schedules().values()) {
      Duration interval = schedule.interval();
      shortest = interval.compareTo(shortest) < 0 ? interval : shortest;
    }
    return before.schedules().isEmpty() ? Duration.ZERO : shortest.plus(SUMMER);
  }

  static boolean isRestorable(Backup backup) {
    return backup.state() == BackupState.CREATED || backup.state() == BackupState.RESTORING;
  }

  static List<Backup> restorable(List<Backup> all) {
    List<Backup> restorable = new ArrayList<>();
    for (Backup backup : all) {
      if (isRestorable(backup)) {
        restorable.add(backup);
      }
    }
    return restorable;
  }
}
