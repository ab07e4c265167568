package io.keepset.runner;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Copy;
import io.keepset.policy.Cron;
import io.keepset.policy.Objective;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Schedule;
import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupBuilder;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.CopyOf;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Protections and backups that tests start from. */
public final class Samples {
  public static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private Samples() {}

  public static Protection protection(String database) {
    return protection(database, keepLast(2), Duration.ofDays(3));
  }

  public static Protection protection(String database, Retention retention, Duration grace) {
    Cron nightly = Cron.parse("0 2 * * *", new Location("policies/a.yaml", 1, 1)).value();
    return new Protection(
        new TargetId("runner", database),
        "fake",
        new TreeMap<>(
            Map.of("nightly", new Schedule("nightly", nightly, ZoneOffset.UTC, Duration.ZERO))),
        retention,
        Optional.empty(),
        new TreeMap<>(),
        true,
        grace,
        Objective.NONE,
        Optional.empty(),
        new TreeMap<>(Map.of("tier", "prod")),
        Optional.of("main"),
        Options.of(Map.of("host", "db1", "password", "env:PASSWORD")),
        Options.NONE);
  }

  /** The same with one more copy. */
  public static Protection copied(Protection p, String name, String to, Retention retention) {
    SortedMap<String, Copy> copies = new TreeMap<>(p.copies());
    copies.put(name, new Copy(name, to, retention));
    return p.change().copies(copies).build();
  }

  public static Retention keepLast(int n) {
    return new Retention(n, new TreeMap<>(), new TreeMap<>(), 1, 1);
  }

  public static Retention tiers(SortedMap<Retention.Tier, Integer> tiers) {
    return new Retention(0, tiers, new TreeMap<>(), 1, 1);
  }

  /** A verified backup in the store {@code main}; its id tells its database and time. */
  public static Backup created(String database, Instant time) {
    return backup(database, time, BackupState.CREATED);
  }

  /** A copy of it, as good as it is; its id ends in the name of the copy. */
  public static Backup copyOf(Backup b, String name, String store) {
    return b.change()
        .id(b.id() + "-" + name)
        .kind(BackupKind.COPY)
        .store(Optional.of(store))
        .copyOf(Optional.of(new CopyOf(b.id(), name)))
        .build();
  }

  public static Backup backup(String database, Instant time, BackupState state) {
    boolean complete = state != BackupState.CREATING && state != BackupState.FAILED;
    return new BackupBuilder(
            database + "-" + time.toString().replaceAll("[-:]", "") + "-test",
            database,
            "fake",
            BackupKind.SCHEDULED,
            state,
            time)
        .finished(
            state == BackupState.CREATING ? Optional.empty() : Optional.of(time.plusSeconds(60)))
        .size(complete ? OptionalLong.of(1000) : OptionalLong.empty())
        .storedSize(complete ? OptionalLong.of(500) : OptionalLong.empty())
        .verifiedAt(complete ? Optional.of(time.plusSeconds(60)) : Optional.empty())
        .expiredAt(
            state == BackupState.EXPIRED ? Optional.of(time.plusSeconds(99)) : Optional.empty())
        .deleteAfter(
            state == BackupState.EXPIRED
                ? Optional.of(time.plus(Duration.ofDays(99)))
                : Optional.empty())
        .store(Optional.of("main"))
        .error(state == BackupState.FAILED ? Optional.of("connection refused") : Optional.empty())
        .build();
  }
}
