package io.keepset.watch;

import io.keepset.policy.Cron;
import io.keepset.policy.Objective;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Schedule;
import io.keepset.policy.Suspension;
import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupBuilder;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Databases and backups that tests of the watch start from. */
final class Scenes {
  static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private Scenes() {}

  static Schedule schedule(String name, String cron, ZoneId zone) {
    return new Schedule(name, new Cron(cron), zone, Duration.ZERO);
  }

  static Protection protection(
      Collection<Schedule> schedules, Objective objective, Optional<Suspension> suspension) {
    SortedMap<String, Schedule> byName = new TreeMap<>();
    schedules.forEach(s -> byName.put(s.name(), s));
    return new Protection(
        new TargetId("runner", "orders"),
        "postgresql",
        byName,
        new Retention(0, new TreeMap<>(), new TreeMap<>(), 0, 1),
        Optional.empty(),
        new TreeMap<>(),
        true,
        Duration.ofDays(3),
        objective,
        suspension,
        new TreeMap<>(),
        Optional.of("main"),
        Options.of(java.util.Map.of()),
        Options.of(java.util.Map.of()));
  }

  /** All its schedules are in force since then and wake up as they should. */
  static Watched watched(
      Protection protection, List<Backup> backups, Instant since, Instant servedUntil) {
    SortedMap<String, ScheduleState> states = new TreeMap<>();
    protection.schedules().keySet().forEach(name -> states.put(name, state(since, servedUntil)));
    return new Watched(protection, backups, states, Optional.empty());
  }

  static ScheduleState state(Instant since, Instant servedUntil) {
    return new ScheduleState(since, servedUntil, Optional.empty(), Optional.empty());
  }

  static Backup good(Instant began, Duration took) {
    return backup(began, Optional.of(began.plus(took)), BackupState.CREATED, 1000, false);
  }

  static Backup failed(Instant began) {
    return backup(began, Optional.of(began.plusSeconds(3)), BackupState.FAILED, -1, false);
  }

  static Backup underWay(Instant began) {
    return backup(began, Optional.empty(), BackupState.CREATING, -1, false);
  }

  static Backup suspicious(Instant began) {
    return backup(began, Optional.of(began.plusSeconds(3)), BackupState.CREATED, 10, true);
  }

  static Backup damaged(Instant began) {
    return backup(began, Optional.of(began.plusSeconds(3)), BackupState.FAILED, 1000, false);
  }

  static Backup verified(Backup b, Instant at) {
    return b.change().verifiedAt(Optional.of(at)).build();
  }

  static Backup of(Backup b, BackupKind kind) {
    return b.change().id(b.id() + "-" + kind).kind(kind).build();
  }

  private static Backup backup(
      Instant began, Optional<Instant> finished, BackupState state, long size, boolean odd) {
    boolean whole = state == BackupState.CREATED;
    return new BackupBuilder(
            "orders-" + began, "orders", "postgresql", BackupKind.SCHEDULED, state, began)
        .finished(finished)
        .size(size < 0 ? OptionalLong.empty() : OptionalLong.of(size))
        .storedSize(size < 0 ? OptionalLong.empty() : OptionalLong.of(size))
        .verifiedAt(whole ? finished : Optional.empty())
        .suspicious(odd)
        .store(Optional.of("main"))
        .error(state == BackupState.FAILED ? Optional.of("no route to host") : Optional.empty())
        .build();
  }
}
