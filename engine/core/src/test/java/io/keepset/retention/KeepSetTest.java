package io.keepset.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Cron;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.policy.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KeepSetTest {
  private static final Retention GOLD =
      new Retention(
          2,
          new TreeMap<>(Map.of(Tier.DAILY, 30, Tier.WEEKLY, 8, Tier.MONTHLY, 12, Tier.YEARLY, 6)),
          new TreeMap<>(),
          1,
          3);

  /** No timed assertion: a cost of n squared would take minutes here and be noticed. */
  @Test
  void decidesOnAHundredThousandBackups() {
    List<Backup> history = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      history.add(Histories.backup(Histories.NOW.minusSeconds(600L * i)));
    }

    KeepSet set = KeepSet.decide(history, GOLD, ZoneOffset.UTC, Histories.NOW, KeepSet::noHolds);

    assertThat(set.decisions()).hasSize(100_000);
    assertThat(set.kept()).hasSizeBetween(40, 60);
  }

  @Test
  void forecastSaysWhenEachBackupGoes() {
    Retention rules = Histories.tiers(Map.of(Tier.DAILY, 3));

    List<Forecast> forecasts = forecast(rules, "0 2 * * *").of(Histories.nights(4), Histories.NOW);

    assertThat(forecasts)
        .map(f -> f.decision().why())
        .containsExactly("", "daily 3/3", "daily 2/3", "daily 1/3, minimum 1/1");
    assertThat(forecasts)
        .map(f -> f.expires().orElseThrow())
        .containsExactly(
            Histories.NOW,
            Instant.parse("2026-11-22T02:00:00Z"),
            Instant.parse("2026-11-23T02:00:00Z"),
            Instant.parse("2026-11-24T02:00:00Z"));
    assertThat(forecasts.get(1).deleted()).contains(Instant.parse("2026-11-25T02:00:00Z"));
  }

  @Test
  void forecastSaysWhyABackupStays() {
    List<Backup> history = new ArrayList<>(Histories.nights(2));
    Instant time = Histories.NOW.minusSeconds(60);
    history.add(Histories.backup("f", time, BackupKind.FINAL, BackupState.CREATED, 100, true));
    history.add(Histories.backup("o", time, BackupKind.ON_DEMAND, BackupState.CREATED, 100, true));
    Retention yearly =
        new Retention(0, new TreeMap<>(Map.of(Tier.YEARLY, 50)), new TreeMap<>(), 1, 0);

    List<Forecast> forecasts = forecast(yearly, "0 2 * * *").of(history, Histories.NOW);

    assertThat(forecasts)
        .map(f -> f.stays().orElse("goes"))
        .containsExactly(
            "beyond 2037-11-29", "goes", "final", "until newer on-demand backups are made");
  }

  @Test
  void forecastOfADatabaseWithoutScheduleHasNoDays() {
    RetentionForecast none =
        new RetentionForecast(
            "orders",
            List.of(),
            Histories.tiers(Map.of(Tier.DAILY, 3)),
            ZoneOffset.UTC,
            Duration.ofDays(3),
            KeepSet::noHolds,
            RetentionForecast.USUAL_HORIZON);

    assertThat(none.of(Histories.nights(1), Histories.NOW))
        .singleElement()
        .satisfies(
            f -> assertThat(f.stays()).contains("nothing is scheduled that would replace it"));
  }

  @Test
  void forecastShowsBackupsInTheirGrace() {
    Instant early = Instant.parse("2026-11-01T02:00:00Z");
    List<Backup> history = new ArrayList<>(Histories.nights(2));
    history.add(Histories.backup("e", early, BackupKind.SCHEDULED, BackupState.EXPIRED, 100, true));
    Retention two = Histories.tiers(Map.of(Tier.DAILY, 2));

    assertThat(forecast(two, "0 2 * * *").of(history, Histories.NOW))
        .first()
        .satisfies(f -> assertThat(f.deleted()).contains(Histories.NOW.plusSeconds(5)));
  }

  @Test
  void forecastOfHourlyRunsOverYearsEnds() {
    Retention rules =
        Histories.tiers(Map.of(Tier.HOURLY, 48, Tier.DAILY, 30, Tier.MONTHLY, 12, Tier.YEARLY, 6));

    List<Forecast> forecasts =
        forecast(rules, "0 * * * *").of(Histories.nights(400), Histories.NOW);

    assertThat(forecasts)
        .filteredOn(f -> f.decision().kept())
        .hasSizeGreaterThan(30)
        .allMatch(f -> f.expires().isPresent());
  }

  @Test
  void aBackupOfLessThanHalfTheMedianIsSuspicious() {
    List<Backup> history = new ArrayList<>();
    long[] sizes = {100, 100, 120, 90, 100, 5_000};
    for (int i = 0; i < sizes.length; i++) {
      Instant time = Histories.NOW.minusSeconds(60L * i);
      history.add(
          Histories.backup(
              "b" + i, time, BackupKind.SCHEDULED, BackupState.CREATED, sizes[i], true));
    }

    assertThat(Suspicion.of(50, history, 0.5)).isEmpty();
    assertThat(Suspicion.of(49, history, 0.5))
        .contains("it has 49 bytes, less than 50 % of the usual 100");
    assertThat(Suspicion.of(49, history, 0.25)).isEmpty();
    assertThat(Suspicion.of(0, List.of(), 0.5)).contains("it is empty");
    assertThat(Suspicion.of(1, List.of(), 0.5)).isEmpty();
  }

  @Test
  void aDatabaseThatShrankIsTrustedAgainAfterThreeRuns() {
    List<Backup> history = new ArrayList<>(Histories.nights(10));
    int suspicious = 0;
    for (int day = 1; day <= 5; day++) {
      Instant time = Histories.NOW.plus(Duration.ofDays(day));
      suspicious += Suspicion.of(10, history, 0.5).isPresent() ? 1 : 0;
      history.add(
          Histories.backup("s" + day, time, BackupKind.SCHEDULED, BackupState.CREATED, 10, true));
    }

    assertThat(suspicious).isEqualTo(3);
  }

  private static RetentionForecast forecast(Retention rules, String cron) {
    Schedule schedule = new Schedule("n", new Cron(cron), ZoneOffset.UTC, Duration.ZERO);
    return new RetentionForecast(
        "orders",
        List.of(schedule),
        rules,
        ZoneOffset.UTC,
        Duration.ofDays(3),
        KeepSet::noHolds,
        RetentionForecast.USUAL_HORIZON);
  }
}
