package io.keepset.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
  private static final Schedule NIGHTLY =
      new Schedule("nightly", new Cron("0 2 * * *"), ZoneOffset.UTC, Duration.ofMinutes(20));

  @Test
  void jitterOfADatabaseNeverChanges() {
    // Written down: a new release must not move anybody's backups.
    assertThat(NIGHTLY.offset("orders")).isEqualTo(Duration.ofSeconds(388));
    assertThat(NIGHTLY.offset("sessions")).isEqualTo(Duration.ofSeconds(203));
  }

  @Test
  void jitterSpreadsDatabases() {
    long distinct =
        IntStream.range(0, 1000)
            .mapToObj(i -> NIGHTLY.offset("db-" + i))
            .peek(o -> assertThat(o).isBetween(Duration.ZERO, Duration.ofSeconds(1199)))
            .distinct()
            .count();

    assertThat(distinct).isGreaterThan(600);
  }

  @Test
  void runsAreCronTimesPlusJitter() {
    Duration offset = NIGHTLY.offset("orders");
    Instant first = Instant.parse("2026-11-22T02:00:00Z").plus(offset);

    assertThat(NIGHTLY.next("orders", Instant.parse("2026-11-21T12:00:00Z"))).isEqualTo(first);
    assertThat(NIGHTLY.next("orders", first.minusSeconds(1))).isEqualTo(first);
    assertThat(NIGHTLY.next("orders", first)).isEqualTo(first.plus(Duration.ofDays(1)));
    assertThat(NIGHTLY.previous("orders", first)).isEqualTo(first);
    assertThat(NIGHTLY.next("orders", Instant.parse("2026-11-21T12:00:00Z"), 3))
        .containsExactly(first, first.plus(Duration.ofDays(1)), first.plus(Duration.ofDays(2)));
  }

  @ParameterizedTest
  @CsvSource({
    // since, now, caught up
    "2026-11-20T02:00:00Z, 2026-11-21T09:00:00Z, 2026-11-21T02:00:00Z",
    "2026-11-01T02:00:00Z, 2026-11-21T09:00:00Z, 2026-11-21T02:00:00Z",
    "2026-11-20T02:00:00Z, 2026-11-21T14:00:00Z, 2026-11-21T02:00:00Z",
    "2026-11-20T02:00:00Z, 2026-11-21T14:00:01Z,",
    "2026-11-21T02:00:00Z, 2026-11-21T09:00:00Z,",
    "2026-11-21T03:00:00Z, 2026-11-21T09:00:00Z,",
  })
  void catchesUpOnceUnlessTheNextIsNear(Instant since, Instant now, Instant due) {
    Schedule exact = new Schedule("n", new Cron("0 2 * * *"), ZoneOffset.UTC, Duration.ZERO);

    assertThat(exact.missed("orders", since, now)).isEqualTo(java.util.Optional.ofNullable(due));
  }
}
