package io.keepset.plan;

import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Schedule;
import io.keepset.policy.Suspension;
import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.retention.Decision;
import io.keepset.retention.KeepSet;
import io.keepset.retention.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adds to a plan what its changes lead to: which backups they cost, and when the next runs are.
 * Nothing of it takes part in the plan's hash. Pure.
 */
public final class Weighing {
  private static final Retention KEEP_ALL =
      new Retention(0, new TreeMap<>(), new TreeMap<>(), Retention.FOREVER, 0);

  private final Map<TargetId, List<Backup>> backups;
  private final Instant now;
  private final int runs;

  private Weighing(Map<TargetId, List<Backup>> backups, Instant now, int runs) {
    this.backups = backups;
    this.now = now;
    this.runs = runs;
  }

  /**
   * The databases whose backups {@link #weigh} must know, by platform: those whose retention may
   * let other backups go than before, and those that end.
   */
  public static SortedMap<String, List<String>> questions(Plan plan, Map<String, Inventory> live) {
    SortedMap<String, List<String>> names = new TreeMap<>();
    for (Change change : plan.changes()) {
      boolean asks =
          switch (change.action()) {
            // Backups may be left from the time before its block was removed.
            case CREATE -> isKnown(change.target(), live);
            case UPDATE -> changesRetention(change);
            case DELETE -> true;
            case NONE, ADOPT, UNDECLARED, UNSUPPORTED -> false;
          };
      if (asks) {
        names
            .computeIfAbsent(change.target().platform(), unused -> new ArrayList<>())
            .add(change.target().name());
      }
    }
    return names;
  }

  /**
   * @param backups of the databases that {@link #questions} names
   * @param runs how many next runs to name of new and changed schedules; if more than one, of all
   *     schedules
   */
  public static Plan weigh(Plan plan, Map<TargetId, List<Backup>> backups, Instant now, int runs) {
    Weighing weighing = new Weighing(backups, now, runs);
    List<Change> weighed = new ArrayList<>(plan.changes().size());
    for (Change change : plan.changes()) {
      weighed.add(weighing.weigh(change));
    }
    return plan.withChanges(weighed);
  }

  private Change weigh(Change change) {
    return switch (change.action()) {
      case CREATE -> weaklyCreated(change.withForecast(impact(change), nextRuns(change)));
      case UPDATE -> change.withForecast(impact(change), nextRuns(change));
      case DELETE -> change.withForecast(staying(change), List.of());
      case NONE, ADOPT -> runs > 1 ? change.withForecast(Impact.NONE, nextRuns(change)) : change;
      case UNDECLARED, UNSUPPORTED -> change;
    };
  }

  private static boolean isKnown(TargetId target, Map<String, Inventory> live) {
    Inventory inventory = live.get(target.platform());
    return inventory != null && inventory.targets().containsKey(target.name());
  }

  private static boolean changesRetention(Change change) {
    Protection before = change.before().orElseThrow();
    Protection after = change.after().orElseThrow();
    return !before.retention().equals(after.retention()) || !before.zone().equals(after.zone());
  }

  /** Nothing was let go before there were rules; a new rule that takes something weakens. */
  private static Change weaklyCreated(Change change) {
    if (change.impact().expiring().isEmpty()) {
      return change;
    }
    List<FieldChange> fields = new ArrayList<>();
    for (FieldChange field : change.fields()) {
      fields.add(
          Grading.head(field.path()).equals("retention") ? field.graded(Grade.WEAKENS) : field);
    }
    return change.withFields(fields);
  }

  private Impact impact(Change change) {
    List<Backup> all = Copies.originals(backups.getOrDefault(change.target(), List.of()));
    if (all.isEmpty()) {
      return Impact.NONE;
    }
    Protection after = change.after().orElseThrow();
    List<Backup> before =
        change
            .before()
            .map(p -> kept(all, p.retention(), p.zone()))
            .orElseGet(() -> kept(all, KEEP_ALL, after.zone()));
    List<Backup> left = kept(all, after.retention(), after.zone());
    Set<String> keptAfter = new HashSet<>();
    for (Backup backup : left) {
      keptAfter.add(backup.id());
    }
    List<Backup> expiring = new ArrayList<>();
    for (Backup backup : before) {
      if (!keptAfter.contains(backup.id())) {
        expiring.add(backup);
      }
    }
    return new Impact(
        expiring,
        List.of(),
        restorable(all).size(),
        after.grace(),
        left.isEmpty() ? Optional.empty() : Optional.of(left.get(0)),
        window(before),
        window(left));
  }

  /**
   * What the rules keep, oldest first. A backup that stays only while the newest run is bad counts
   * as going: it goes as soon as a run is good again.
   */
  private List<Backup> kept(List<Backup> all, Retention rules, ZoneId zone) {
    List<Backup> kept = new ArrayList<>();
    for (Decision decision : KeepSet.decide(all, rules, zone, now, KeepSet::noHolds).decisions()) {
      boolean frozen = true;
      for (Reason reason : decision.reasons()) {
        frozen &= reason.rule().equals(Reason.FROZEN);
      }
      if (!frozen) {
        kept.add(decision.backup());
      }
    }
    return kept;
  }

  private Optional<Duration> window(List<Backup> kept) {
    return kept.isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.between(kept.get(0).time(), now));
  }

  private Impact staying(Change change) {
    List<Backup> staying = restorable(backups.getOrDefault(change.target(), List.of()));
    return new Impact(
        List.of(),
        staying,
        staying.size(),
        Duration.ZERO,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static List<Backup> restorable(List<Backup> all) {
    List<Backup> restorable = new ArrayList<>();
    for (Backup backup : all) {
      if (backup.state() == BackupState.CREATED || backup.state() == BackupState.RESTORING) {
        restorable.add(backup);
      }
    }
    return restorable;
  }

  private List<NextRun> nextRuns(Change change) {
    if (runs < 1 || change.after().isEmpty()) {
      return List.of();
    }
    Protection after = change.after().get();
    List<NextRun> next = new ArrayList<>();
    for (Schedule schedule : after.schedules().values()) {
      boolean shown =
          runs > 1
              || change.before().isEmpty()
              || !schedule.equals(change.before().get().schedules().get(schedule.name()))
              || !change.before().get().suspension().equals(after.suspension());
      Optional<Instant> from = from(after.suspension(), schedule.zone());
      if (shown && from.isPresent()) {
        for (Instant at : schedule.next(after.name(), from.get(), runs)) {
          next.add(new NextRun(schedule.name(), at.atZone(schedule.zone())));
        }
      }
    }
    next.sort(Comparator.comparing(run -> run.at().toInstant()));
    return next;
  }

  /** From when on runs happen; empty if backups are off without an end. */
  private Optional<Instant> from(Optional<Suspension> suspension, ZoneId zone) {
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
