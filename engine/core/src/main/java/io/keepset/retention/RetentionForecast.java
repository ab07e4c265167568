package io.keepset.retention;

import io.keepset.policy.Retention;
import io.keepset.policy.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * For each backup, why it is kept and the day it will go if every scheduled run from now on happens
 * and is good, nothing else is made, and holds stay. Found by walking those runs, a decision after
 * each.
 *
 * @param grace from expiry to deletion
 * @param horizon how far ahead to look; backups that outlast it have no day
 */
public record RetentionForecast(
    String database,
    Collection<Schedule> schedules,
    Retention rules,
    ZoneId zone,
    Duration grace,
    Function<Backup, List<String>> holds,
    Duration horizon) {
  /** Enough for any tier that people write. */
  public static final Duration USUAL_HORIZON = Duration.ofDays(11 * 366L);

  /** Where the walk ends at the latest: hourly runs over many years, or a second or two. */
  private static final long MOST_JUDGED = 10_000_000;

  /**
   * Looks ahead.
   *
   * @return for each backup that is kept, expires now or is in its grace, oldest first
   */
  public List<Forecast> of(Collection<Backup> backups, Instant now) {
    KeepSet keepSet = KeepSet.decide(backups, rules, zone, now, holds);
    Walk walk = walk(keepSet, now);
    List<Forecast> forecasts = new ArrayList<>();
    for (Decision decision : keepSet.decisions()) {
      if (!decision.kept()) {
        forecasts.add(goes(decision, now));
      } else if (walk.leaves().containsKey(decision.backup().id())) {
        forecasts.add(goes(decision, walk.leaves().get(decision.backup().id())));
      } else {
        forecasts.add(
            new Forecast(
                decision, Optional.empty(), Optional.empty(), Optional.of(stays(decision, walk))));
      }
    }
    Map<String, Decision> returning = new HashMap<>();
    Sweep.of(backups, rules, zone, now, holds)
        .returning()
        .forEach(decision -> returning.put(decision.backup().id(), decision));
    for (Backup backup : backups) {
      if (backup.state() == BackupState.EXPIRED) {
        forecasts.add(inGrace(backup, Optional.ofNullable(returning.get(backup.id()))));
      }
    }
    forecasts.sort(
        Comparator.comparing((Forecast f) -> f.decision().backup().time())
            .thenComparing(f -> f.decision().backup().id()));
    return List.copyOf(forecasts);
  }

  private static Forecast inGrace(Backup backup, Optional<Decision> returning) {
    return returning
        .map(
            back ->
                new Forecast(
                    new Decision(backup, back.reasons()),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("comes back with the next pass")))
        .orElseGet(
            () ->
                new Forecast(
                    new Decision(backup, List.of()),
                    backup.expiredAt(),
                    backup.deleteAfter(),
                    Optional.empty()));
  }

  private Forecast goes(Decision decision, Instant expires) {
    return new Forecast(
        decision, Optional.of(expires), Optional.of(expires.plus(grace)), Optional.empty());
  }

  private String stays(Decision decision, Walk walk) {
    return forGood(decision)
        .orElseGet(
            () ->
                schedules.isEmpty()
                    ? "nothing is scheduled that would replace it"
                    : "beyond " + walk.reached().atZone(zone).toLocalDate());
  }

  /** Why scheduled runs will never push a backup out. */
  private Optional<String> forGood(Decision decision) {
    for (Reason reason : decision.reasons()) {
      switch (reason.rule()) {
        case "final", "no_rule", "hold" -> {
          return Optional.of(reason.text());
        }
        case "on_demand" -> {
          return Optional.of(
              rules.onDemand() == Retention.FOREVER
                  ? reason.text()
                  : "until newer on-demand backups are made");
        }
        default -> {}
      }
    }
    return Optional.empty();
  }

  private Walk walk(KeepSet keepSet, Instant now) {
    Map<String, Instant> leaves = new HashMap<>();
    List<Candidate> candidates = new ArrayList<>();
    int waiting = 0;
    for (Decision decision : keepSet.decisions()) {
      if (decision.kept()) {
        candidates.add(Candidate.of(decision.backup(), zone));
        waiting += forGood(decision).isEmpty() ? 1 : 0;
      }
    }
    if (schedules.isEmpty() || rules.isEmpty()) {
      return new Walk(leaves, now);
    }
    Instant end = now.plus(horizon);
    Instant at = now;
    long judged = 0;
    while (waiting > 0 && judged < MOST_JUDGED) {
      Instant next = next(at);
      if (next.isAfter(end)) {
        return new Walk(leaves, end);
      }
      at = next;
      candidates.add(Candidate.of(future(at), zone));
      judged += candidates.size();
      List<Candidate> newestFirst = new ArrayList<>(candidates);
      Collections.reverse(newestFirst);
      List<List<Reason>> reasons = KeepSet.reasons(newestFirst, rules, zone, at);
      candidates.clear();
      for (int i = newestFirst.size() - 1; i >= 0; i--) {
        Backup backup = newestFirst.get(i).backup();
        if (!reasons.get(i).isEmpty() || !holds.apply(backup).isEmpty()) {
          candidates.add(newestFirst.get(i));
        } else if (!backup.id().isEmpty()) {
          leaves.put(backup.id(), at);
          waiting--;
        }
      }
    }
    return new Walk(leaves, at);
  }

  /**
   * How far the walk went.
   *
   * @param leaves when a backup is no longer kept, by id
   * @param reached nothing is known about later
   */
  private record Walk(Map<String, Instant> leaves, Instant reached) {}

  /** A scheduled run that is yet to come; it has no id. */
  private Backup future(Instant at) {
    return Backups.scheduled("", database, at, OptionalLong.empty());
  }

  private Instant next(Instant after) {
    return schedules.stream()
        .map(s -> s.next(database, after))
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }
}
