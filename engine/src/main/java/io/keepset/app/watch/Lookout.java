package io.keepset.app.watch;

import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.WatchRecords.What;
import io.keepset.app.watch.Outlook.Standing;
import io.keepset.app.watch.Outlook.State;
import io.keepset.diagnostic.Severity;
import io.keepset.policy.Protection;
import io.keepset.policy.Schedule;
import io.keepset.policy.Suspension;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.runner.Catalogue;
import io.keepset.runner.RunnerPlatform;
import io.keepset.wal.PointInTime;
import io.keepset.wal.RecoveryWindows;
import io.keepset.wal.WalCatalogue;
import io.keepset.wal.WalStatus;
import io.keepset.watch.Measured;
import io.keepset.watch.Problem;
import io.keepset.watch.ProblemSource;
import io.keepset.watch.Promises;
import io.keepset.watch.Watch;
import io.keepset.watch.Watched;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Looks at everything that is protected and at whatever else may be wrong. Changes nothing. Safe
 * for several threads; reads the backups of a few databases at a time, so that memory follows the
 * number of databases alone.
 */
public final class Lookout {
  private static final int AT_A_TIME = 200;

  private final StateDatabase state;
  private final Catalogue catalogue;
  private final ScheduleFacts schedules;
  private final List<ProblemSource> sources;

  /**
   * @param sources what else may be wrong
   */
  Lookout(StateDatabase state, ScheduleFacts schedules, List<ProblemSource> sources) {
    this.state = state;
    this.catalogue = state.catalogue();
    this.schedules = schedules;
    this.sources = List.copyOf(sources);
  }

  public Outlook look(Instant now) {
    Map<String, List<Problem>> found = new TreeMap<>();
    for (ProblemSource source : sources) {
      source
          .problems(now)
          .forEach(p -> found.computeIfAbsent(p.target(), t -> new ArrayList<>()).add(p));
    }
    SortedMap<String, Protection> protections = catalogue.protections();
    Map<String, Measured> restores = state.watchRecords().measured(What.RESTORE);
    ScheduleFacts.Moment moment = schedules.look();
    List<String> names = List.copyOf(catalogue.databases());
    List<Standing> standings = new ArrayList<>(names.size());
    TreeMap<String, Long> stored = new TreeMap<>();
    for (int i = 0; i < names.size(); i += AT_A_TIME) {
      List<String> few = names.subList(i, Math.min(i + AT_A_TIME, names.size()));
      SortedMap<String, List<Backup>> backups = catalogue.backups(few);
      for (String name : few) {
        Protection protection = protections.get(name);
        List<Backup> own = backups.getOrDefault(name, List.of());
        own.forEach(
            b ->
                b.store()
                    .ifPresent(store -> stored.merge(store, b.storedSize().orElse(0), Long::sum)));
        List<Problem> others = found.getOrDefault(name, List.of());
        standings.add(
            protection == null
                ? left(name, own, others, now)
                : standing(
                    new Watched(
                        protection,
                        own,
                        moment.of(protection, now),
                        Optional.ofNullable(restores.get(name))),
                    others,
                    now));
      }
    }
    List<Problem> all = new ArrayList<>();
    names.forEach(found::remove);
    found.values().forEach(all::addAll);
    standings.forEach(standing -> all.addAll(standing.problems()));
    return new Outlook(now, standings, all.stream().sorted().toList(), stored);
  }

  private static Standing left(
      String name, List<Backup> backups, List<Problem> problems, Instant now) {
    return new Standing(
        name,
        RunnerPlatform.NAME,
        ZoneOffset.UTC,
        backups.stream().map(Backup::engine).findFirst(),
        State.UNPROTECTED,
        restorable(backups),
        newestGood(backups, now),
        latest(backups),
        newestGood(backups, now).flatMap(Lookout::took),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        problems.stream().sorted().toList());
  }

  private Optional<PointInTime.Span> window(Watched watched) {
    if (watched.protection().pointInTime().isEmpty()) {
      return Optional.empty();
    }
    WalCatalogue logs = state.wal();
    return PointInTime.span(
        RecoveryWindows.of(
            watched.backups(),
            logs.bases(watched.name()),
            logs.files(watched.name()),
            logs.status(watched.name()).flatMap(WalStatus::covered)));
  }

  private Standing standing(Watched watched, List<Problem> others, Instant now) {
    Protection protection = watched.protection();
    List<Problem> problems = new ArrayList<>(Watch.judge(watched, now));
    problems.addAll(others);
    Optional<Backup> newest = newestGood(watched.backups(), now);
    return new Standing(
        protection.name(),
        protection.target().platform(),
        protection.zone(),
        Optional.of(protection.engine()),
        state(protection, problems, now),
        restorable(watched.backups()),
        newest,
        latest(watched.backups()),
        newest.flatMap(Lookout::took),
        nextRun(protection, now),
        Promises.of(watched, now),
        window(watched),
        problems.stream().sorted().toList());
  }

  private static State state(Protection protection, List<Problem> problems, Instant now) {
    if (problems.stream().anyMatch(Problem::broken)) {
      return State.BROKEN;
    }
    if (suspended(protection, now.atZone(protection.zone()))) {
      return State.SUSPENDED;
    }
    boolean warned = problems.stream().anyMatch(p -> p.severity() == Severity.WARNING);
    return warned ? State.WARNING : State.OK;
  }

  private static boolean suspended(Protection protection, ZonedDateTime now) {
    Optional<Suspension> suspension = protection.suspension();
    return suspension.filter(s -> s.holdsOn(now.toLocalDate())).isPresent();
  }

  private static Optional<Instant> nextRun(Protection protection, Instant now) {
    List<Instant> runs = new ArrayList<>();
    for (Schedule schedule : protection.schedules().values()) {
      if (!suspended(protection, now.atZone(schedule.zone()))) {
        runs.add(schedule.next(protection.name(), now));
      }
    }
    return runs.stream().min(Comparator.naturalOrder());
  }

  private static int restorable(List<Backup> backups) {
    return (int)
        backups.stream()
            .filter(b -> b.state() == BackupState.CREATED || b.state() == BackupState.RESTORING)
            .count();
  }

  private static Optional<Backup> newestGood(List<Backup> backups, Instant now) {
    return Promises.newestGood(backups, now);
  }

  private static Optional<Backup> latest(List<Backup> backups) {
    return backups.stream().max(Comparator.comparing(Backup::time).thenComparing(Backup::id));
  }

  private static Optional<Duration> took(Backup backup) {
    return backup.finished().map(end -> Duration.between(backup.time(), end));
  }
}
