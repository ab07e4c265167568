package io.keepset.retention;

import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.testing.Any;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Backups and rules that tests start from. */
final class Histories {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /** The tiers that are written with a number. */
  static final List<Tier> COUNTED =
      List.of(Tier.HOURLY, Tier.DAILY, Tier.WEEKLY, Tier.MONTHLY, Tier.YEARLY);

  private Histories() {}

  static Backup backup(Instant time) {
    return backup(time.toString(), time, BackupKind.SCHEDULED, BackupState.CREATED, 100, true);
  }

  static Backup backup(
      String id, Instant time, BackupKind kind, BackupState state, long size, boolean verified) {
    return backup(id, time, kind, state, size, verified, false);
  }

  static Backup backup(
      String id,
      Instant time,
      BackupKind kind,
      BackupState state,
      long size,
      boolean verified,
      boolean suspicious) {
    return new BackupBuilder(id, "orders", "postgresql", kind, state, time)
        .finished(Optional.of(time))
        .size(OptionalLong.of(size))
        .storedSize(OptionalLong.of(size))
        .verifiedAt(verified ? Optional.of(time) : Optional.empty())
        .expiredAt(state == BackupState.EXPIRED ? Optional.of(time) : Optional.empty())
        .deleteAfter(
            state == BackupState.EXPIRED ? Optional.of(NOW.plusSeconds(5)) : Optional.empty())
        .suspicious(suspicious)
        .store(Optional.of("main"))
        .build();
  }

  /** One a night, the newest last night. */
  static List<Backup> nights(int n) {
    Instant newest = Instant.parse("2026-11-21T02:00:00Z");
    return IntStream.range(0, n)
        .mapToObj(i -> backup(newest.minus(Duration.ofDays(n - 1L - i))))
        .toList();
  }

  static Retention tiers(Map<Tier, Integer> tiers) {
    return new Retention(0, new TreeMap<>(tiers), new TreeMap<>(), 0, 1);
  }

  /** A history over days to decades, dense or sparse, of all kinds and states. */
  static List<Backup> any(Random random) {
    long span = Any.of(random, 2L, 40L, 400L, 4000L) * 86_400;
    Map<String, Backup> byId = new LinkedHashMap<>();
    for (Backup backup : Any.list(random, 60, r -> any(r, span))) {
      byId.putIfAbsent(backup.id(), backup);
    }
    return List.copyOf(byId.values());
  }

  private static Backup any(Random random, long span) {
    Instant time = NOW.plusSeconds(3600).minusSeconds(Any.between(random, 0, span));
    return backup(
        time + "-" + random.nextInt(Integer.MAX_VALUE),
        time,
        Any.mostly(random, BackupKind.SCHEDULED, BackupKind.values()),
        Any.mostly(random, BackupState.CREATED, BackupState.values()),
        Any.mostly(random, 100L, 0L),
        Any.mostly(random, true, false),
        Any.mostly(random, false, true));
  }

  static Retention rules(Random random) {
    return new Retention(
        Any.between(random, 0, 5),
        Any.map(random, 4, r -> Any.of(r, COUNTED), r -> Any.between(r, 1, 40)),
        Any.map(
            random,
            2,
            r -> Any.of(r, Tier.values()),
            r -> Duration.ofHours(Any.between(r, 1, 2000))),
        Any.between(random, 0, 3),
        Any.between(random, 0, 4));
  }
}
