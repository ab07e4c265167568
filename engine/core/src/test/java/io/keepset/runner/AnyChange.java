package io.keepset.runner;

import io.keepset.policy.Copy;
import io.keepset.policy.Cron;
import io.keepset.policy.Objective;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.policy.Schedule;
import io.keepset.policy.Suspension;
import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupBuilder;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.CopyOf;
import io.keepset.testing.Any;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** A history of one database, what looked after it, and what is to look after it. */
record AnyChange(
    Kind kind,
    Optional<Protection> before,
    Optional<Protection> after,
    List<Backup> history,
    Holds holds) {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private static final String DB = "db";
  private static final List<String> CRONS =
      List.of("0 2 * * *", "0 2 * * *", "30 14 * * *", "0 */6 * * *", "15 3 * * 0", "0 4 1 * *");
  private static final List<String> ZONES = List.of("UTC", "Europe/Berlin", "America/New_York");
  private static final List<Tier> TIERS =
      List.of(Tier.HOURLY, Tier.DAILY, Tier.DAILY, Tier.WEEKLY, Tier.MONTHLY, Tier.YEARLY);

  /** What is changed. */
  enum Kind {
    RETENTION,
    POLICY,
    TIMEZONE,
    SCHEDULE,
    GRACE,
    SUSPENSION,
    SCOPE,
    STORE,
    LABELS,
    COPY_RETENTION,
    COPY_END,
    CREATE,
    REMOVAL,
    PLATFORM;

    boolean canCostAtOnce() {
      return switch (this) {
        case RETENTION, POLICY, TIMEZONE, COPY_RETENTION, CREATE -> true;
        case SCHEDULE, GRACE, SUSPENSION, SCOPE, STORE, LABELS, COPY_END, REMOVAL, PLATFORM ->
            false;
      };
    }
  }

  static AnyChange of(Random random) {
    Kind kind = Any.of(random, Kind.values());
    Protection before = protection(random, kind);
    Optional<Protection> after =
        switch (kind) {
          case RETENTION -> Optional.of(with(before, rules(random)));
          case POLICY ->
              Optional.of(
                  before
                      .change()
                      .retention(rules(random))
                      .schedules(schedules(random))
                      .grace(grace(random))
                      .build());
          case TIMEZONE -> Optional.of(before.change().schedules(moved(before, random)).build());
          case SCHEDULE ->
              Optional.of(before.change().schedules(rescheduled(before, random)).build());
          case GRACE -> Optional.of(before.change().grace(grace(random)).build());
          case SUSPENSION -> Optional.of(before.change().suspension(suspension(random)).build());
          case SCOPE ->
              Optional.of(before.change().connection(Options.of(Map.of("host", "db2"))).build());
          case STORE -> Optional.of(before.change().store(Optional.of("dr")).build());
          case LABELS ->
              Optional.of(before.change().labels(new TreeMap<>(Map.of("tier", "test"))).build());
          case COPY_RETENTION -> Optional.of(before.change().copies(copies(rules(random))).build());
          case COPY_END -> Optional.of(before.change().copies(new TreeMap<>()).build());
          case CREATE -> Optional.of(before);
          case REMOVAL -> Optional.empty();
          case PLATFORM ->
              Optional.of(before.change().target(new TargetId("elsewhere", DB)).build());
        };
    Optional<Protection> was = kind == Kind.CREATE ? Optional.empty() : Optional.of(before);
    return new AnyChange(kind, was, after, history(before, random), holds(random));
  }

  /** The next run of the world in which nothing changes; it pauses as the other one does. */
  Optional<Instant> oldRun(Instant from) {
    Protection old = before.or(() -> after).orElseThrow();
    Collection<Schedule> schedules =
        old.schedules().isEmpty()
            ? after.orElseThrow().schedules().values()
            : old.schedules().values();
    return next(schedules, from);
  }

  Optional<Instant> newRun(Instant from) {
    return after.isEmpty() || !after.get().target().platform().equals(RunnerPlatform.NAME)
        ? Optional.empty()
        : next(after.get().schedules().values(), from);
  }

  private Optional<Instant> next(Collection<Schedule> schedules, Instant from) {
    Optional<Suspension> pause = after.flatMap(Protection::suspension);
    if (pause.isPresent() && pause.get().until().isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> first = Optional.empty();
    for (Schedule schedule : schedules) {
      Instant start = from;
      if (pause.isPresent()) {
        Instant end =
            pause.get().until().get().atStartOfDay(schedule.zone()).toInstant().minusSeconds(1);
        start = end.isAfter(from) ? end : from;
      }
      Instant run = schedule.next(DB, start);
      first = first.isPresent() && first.get().isBefore(run) ? first : Optional.of(run);
    }
    return first;
  }

  /** How far apart the old runs are, and an hour for a change of summer time. */
  Duration oldInterval() {
    return before.orElseThrow().schedules().values().stream()
        .map(Schedule::interval)
        .min(Duration::compareTo)
        .orElse(Duration.ZERO)
        .plusHours(1);
  }

  /** Makes a good backup in a world, and its copies. */
  static void run(RunnerLab lab, Instant at) {
    Backup made =
        backup("db-run-" + at, at, BackupKind.SCHEDULED, BackupState.CREATED, 100, true, false);
    lab.catalogue.insert(made);
    lab.catalogue
        .protection(DB)
        .ifPresent(
            p -> p.copies().values().forEach(copy -> lab.catalogue.insert(copy(made, copy))));
  }

  private static Protection protection(Random random, Kind kind) {
    boolean copied =
        kind == Kind.COPY_RETENTION || kind == Kind.COPY_END || Any.chance(random, 0.1);
    return new Protection(
        new TargetId(RunnerPlatform.NAME, DB),
        "fake",
        schedules(random),
        rules(random),
        Optional.empty(),
        copied ? copies(rules(random)) : new TreeMap<>(),
        Any.chance(random, 0.05),
        grace(random),
        Objective.NONE,
        Any.chance(random, 0.1) ? suspension(random) : Optional.empty(),
        new TreeMap<>(),
        Optional.of("main"),
        Options.of(Map.of("host", "db1")),
        Options.NONE);
  }

  private static Protection with(Protection p, Retention rules) {
    return p.change().retention(rules).build();
  }

  private static Retention rules(Random random) {
    return new Retention(
        Any.of(random, 0, 0, 1, 3, 7),
        Any.map(random, 3, r -> Any.of(r, TIERS), r -> Any.between(r, 1, 14)),
        Any.chance(random, 0.2)
            ? Any.map(
                random,
                1,
                r -> Any.of(r, Tier.values()),
                r -> Duration.ofHours(Any.between(r, 1, 700)))
            : new TreeMap<>(),
        Any.of(random, 0, 1, 3),
        Any.of(random, 0, 1, 1, 3));
  }

  private static SortedMap<String, Copy> copies(Retention rules) {
    return new TreeMap<>(Map.of("far", new Copy("far", "dr", rules)));
  }

  private static Duration grace(Random random) {
    return Any.of(
        random, Duration.ZERO, Duration.ofDays(1), Duration.ofDays(3), Duration.ofDays(7));
  }

  private static Optional<Suspension> suspension(Random random) {
    if (Any.chance(random, 0.3)) {
      return Optional.empty();
    }
    Optional<LocalDate> until =
        Any.optional(random, 0.7, r -> LocalDate.of(2026, 11, Any.between(r, 20, 30)));
    return Optional.of(new Suspension(until.isEmpty() || random.nextBoolean(), "why", until));
  }

  private static SortedMap<String, Schedule> schedules(Random random) {
    TreeMap<String, Schedule> schedules = new TreeMap<>();
    int count = Any.of(random, 0, 1, 1, 1, 1, 1, 2);
    for (int i = 0; i < count; i++) {
      schedules.put("s" + i, schedule("s" + i, random));
    }
    return schedules;
  }

  private static Schedule schedule(String name, Random random) {
    return new Schedule(
        name,
        new Cron(Any.of(random, CRONS)),
        ZoneId.of(Any.of(random, ZONES)),
        Duration.ofMinutes(Any.of(random, 0, 0, 45)));
  }

  private static SortedMap<String, Schedule> moved(Protection p, Random random) {
    TreeMap<String, Schedule> schedules = new TreeMap<>();
    p.schedules()
        .forEach(
            (name, s) ->
                schedules.put(
                    name,
                    new Schedule(name, s.cron(), ZoneId.of(Any.of(random, ZONES)), s.jitter())));
    return schedules;
  }

  /** The same zone: then only the runs are others. */
  private static SortedMap<String, Schedule> rescheduled(Protection p, Random random) {
    TreeMap<String, Schedule> schedules = new TreeMap<>();
    for (Map.Entry<String, Schedule> other : schedules(random).entrySet()) {
      Schedule s = other.getValue();
      schedules.put(other.getKey(), new Schedule(s.name(), s.cron(), p.zone(), s.jitter()));
    }
    return schedules;
  }

  private static List<Backup> history(Protection before, Random random) {
    List<Backup> history = new ArrayList<>();
    Instant at = NOW;
    boolean regular = Any.chance(random, 0.6) && !before.schedules().isEmpty();
    long span = Any.of(random, 3L, 40L, 400L, 3000L) * 86_400;
    int size = Any.between(random, 0, 36);
    for (int i = 0; i < size; i++) {
      if (regular) {
        at = before.schedules().values().iterator().next().previous(DB, at.minusSeconds(1));
      } else {
        at = NOW.minusSeconds(Any.between(random, 1, span));
      }
      if (!regular || Any.chance(random, 0.9)) {
        history.add(any("db-" + i + "-" + at, at, random));
      }
    }
    List<Backup> copies = new ArrayList<>();
    for (Copy copy : before.copies().values()) {
      for (Backup backup : history) {
        if (backup.kind() == BackupKind.SCHEDULED && Any.chance(random, 0.8)) {
          copies.add(copy(backup, copy));
        }
      }
    }
    history.addAll(copies);
    return history;
  }

  private static Backup any(String id, Instant at, Random random) {
    return backup(
        id,
        at,
        Any.chance(random, 0.85)
            ? BackupKind.SCHEDULED
            : Any.of(random, BackupKind.ON_DEMAND, BackupKind.UPLOADED, BackupKind.FINAL),
        Any.chance(random, 0.8) ? BackupState.CREATED : Any.of(random, BackupState.values()),
        Any.chance(random, 0.97) ? Any.between(random, 1, 1000) : 0,
        Any.chance(random, 0.9),
        Any.chance(random, 0.05),
        NOW.minusSeconds(Any.between(random, 0, 500_000)),
        NOW.plusSeconds(Any.between(random, -200_000, 500_000)),
        Any.chance(random, 0.3));
  }

  private static Backup backup(
      String id,
      Instant at,
      BackupKind kind,
      BackupState state,
      long size,
      boolean verified,
      boolean suspicious) {
    return backup(id, at, kind, state, size, verified, suspicious, NOW, NOW, false);
  }

  private static Backup backup(
      String id,
      Instant at,
      BackupKind kind,
      BackupState state,
      long size,
      boolean verified,
      boolean suspicious,
      Instant expiredAt,
      Instant deleteAfter,
      boolean hadExpired) {
    boolean inGrace =
        state == BackupState.EXPIRED || (state == BackupState.RESTORING && hadExpired);
    return new BackupBuilder(id, DB, "fake", kind, state, at)
        .finished(Optional.of(at))
        .size(OptionalLong.of(size))
        .storedSize(OptionalLong.of(size))
        .verifiedAt(verified ? Optional.of(at) : Optional.empty())
        .expiredAt(inGrace ? Optional.of(expiredAt) : Optional.empty())
        .deleteAfter(inGrace ? Optional.of(deleteAfter) : Optional.empty())
        .suspicious(suspicious)
        .store(Optional.of("main"))
        .build();
  }

  private static Backup copy(Backup of, Copy copy) {
    return of.change()
        .id(of.id() + "-copy")
        .kind(BackupKind.COPY)
        .store(Optional.of(copy.to()))
        .error(Optional.empty())
        .copyOf(Optional.of(new CopyOf(of.id(), copy.name())))
        .build();
  }

  private static Holds holds(Random random) {
    int every = Any.of(random, 0, 0, 0, 3, 12);
    return backup ->
        every > 0 && Math.floorMod(backup.id().hashCode(), every) == 0
            ? List.of("hold case-1")
            : List.of();
  }
}
