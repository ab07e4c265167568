package io.keepset.retention;

import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Backups and rules that tests start from. */
final class Histories {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

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
    return new Backup(
        id,
        "orders",
        "postgresql",
        kind,
        state,
        time,
        Optional.of(time),
        OptionalLong.of(size),
        OptionalLong.of(size),
        verified ? Optional.of(time) : Optional.empty(),
        state == BackupState.EXPIRED ? Optional.of(time) : Optional.empty(),
        state == BackupState.EXPIRED ? Optional.of(NOW.plusSeconds(5)) : Optional.empty(),
        suspicious,
        Optional.of("main"),
        Optional.empty());
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

  /** Histories over days to decades, dense and sparse, of all kinds and states. */
  static Arbitrary<List<Backup>> any() {
    return Arbitraries.of(2L, 40L, 400L, 4000L).flatMap(days -> backups(days * 86_400));
  }

  private static Arbitrary<List<Backup>> backups(long span) {
    return Combinators.combine(
            Arbitraries.longs().between(0, span),
            mostly(BackupKind.SCHEDULED, BackupKind.values()),
            mostly(BackupState.CREATED, BackupState.values()),
            mostly(100L, 0L),
            mostly(true, false),
            mostly(false, true),
            Arbitraries.longs().between(0, Long.MAX_VALUE))
        .as(
            (ago, kind, state, size, verified, odd, id) -> {
              Instant time = NOW.plusSeconds(3600).minusSeconds(ago);
              return backup(time + "-" + id, time, kind, state, size, verified, odd);
            })
        .list()
        .uniqueElements(Backup::id)
        .ofMaxSize(60);
  }

  @SafeVarargs
  private static <T> Arbitrary<T> mostly(T usual, T... others) {
    return Arbitraries.frequencyOf(
        Tuple.of(8, Arbitraries.just(usual)), Tuple.of(2, Arbitraries.of(others)));
  }

  static Arbitrary<Retention> rules() {
    Arbitrary<TreeMap<Tier, Integer>> tiers =
        Arbitraries.maps(
                Arbitraries.of(Tier.values()).filter(t -> t != Tier.ALL),
                Arbitraries.integers().between(1, 40))
            .ofMaxSize(4)
            .map(TreeMap::new);
    Arbitrary<TreeMap<Tier, Duration>> within =
        Arbitraries.maps(
                Arbitraries.of(Tier.values()),
                Arbitraries.integers().between(1, 2000).map(Duration::ofHours))
            .ofMaxSize(2)
            .map(TreeMap::new);
    return Combinators.combine(
            Arbitraries.integers().between(0, 5),
            tiers,
            within,
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 4))
        .as(Retention::new);
  }
}
