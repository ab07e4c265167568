package io.keepset.bench;

import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupBuilder;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.KeepSet;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Which of 100,000 backups of one database are kept, with all reasons. */
final class KeepSetBench {
  private static final int BACKUPS = 100_000;
  private static final Instant NEWEST = Instant.parse("2026-11-21T02:00:00Z");

  private final Report report;
  private final int rounds;

  KeepSetBench(Report report, int rounds) {
    this.report = report;
    this.rounds = rounds;
  }

  void run() throws Exception {
    report.title("Keep set of 100,000 backups, one an hour");
    List<Backup> backups = new ArrayList<>();
    for (int i = 0; i < BACKUPS; i++) {
      backups.add(backup(NEWEST.minus(Duration.ofHours(i))));
    }
    Retention rules =
        new Retention(
            2,
            new TreeMap<>(
                Map.of(
                    Tier.HOURLY,
                    48,
                    Tier.DAILY,
                    30,
                    Tier.WEEKLY,
                    8,
                    Tier.MONTHLY,
                    12,
                    Tier.YEARLY,
                    6)),
            new TreeMap<>(Map.of(Tier.DAILY, Duration.ofDays(40))),
            1,
            3);
    Times first = new Times();
    Times later = new Times();
    int[] kept = new int[1];
    Times.Work decide =
        () ->
            kept[0] =
                KeepSet.decide(backups, rules, ZoneId.of("Europe/Berlin"), NEWEST, KeepSet::noHolds)
                    .kept()
                    .size();
    first.measure(decide);
    for (int i = 0; i < rounds; i++) {
      later.measure(decide);
    }
    report.times("first time in the process", first, "wanted: under 1 s");
    report.times("later", later, "");
    report.line("kept", String.valueOf(kept[0]), "");
  }

  private static Backup backup(Instant time) {
    return new BackupBuilder(
            "bench-" + time, "bench", "postgresql", BackupKind.SCHEDULED, BackupState.CREATED, time)
        .finished(Optional.of(time))
        .size(OptionalLong.of(1_000))
        .storedSize(OptionalLong.of(1_000))
        .verifiedAt(Optional.of(time))
        .store(Optional.of("main"))
        .build();
  }
}
