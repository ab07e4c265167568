package io.keepset.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.schedule.BackupScheduler;
import io.keepset.app.state.ScheduleClock.Hand;
import io.keepset.diagnostic.Location;
import io.keepset.drivers.lab.PostgresLab;
import io.keepset.policy.Cron;
import io.keepset.policy.Objective;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Schedule;
import io.keepset.policy.StoreSpec;
import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.spi.Secret;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a schedule that becomes due to a verified backup of a real database. */
class SchedulesTest {
  private static final Instant TWO = Instant.parse("2026-11-21T02:00:00Z");

  @TempDir private Path directory;

  @Test
  void aScheduleThatIsDueBecomesAVerifiedBackup() throws Exception {
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch ended = new CountDownLatch(1);
    Clock clock =
        Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), TWO.plusSeconds(600)));
    try (PostgresLab lab = PostgresLab.start();
        LocalState state =
            LocalState.open(
                directory.resolve("data"),
                clock,
                reference -> new Secret(lab.password()),
                Map.of(),
                (severity, subject, message) -> {
                  told.add(message);
                  if (message.contains("schedule") || message.contains("scheduled")) {
                    ended.countDown();
                  }
                },
                told::add)) {
      state.parts().declaring().remember(store());
      state.catalogue().protect(protection(lab));
      state.database().scheduleClock().begin(List.of(servedTheNightBefore()));
      try (BackupScheduler scheduler = Schedules.of(state)) {
        scheduler.start();

        assertThat(ended.await(120, TimeUnit.SECONDS)).as("%s", told).isTrue();
      }
      assertThat(state.catalogue().backups("orders"))
          .as("%s", told)
          .singleElement()
          .satisfies(
              backup -> {
                assertThat(backup.state()).isEqualTo(BackupState.CREATED);
                assertThat(backup.time()).isAfterOrEqualTo(TWO);
              })
          .matches(Backup::verified);
    }
  }

  private static Hand servedTheNightBefore() {
    return new Hand(
        "orders",
        "nightly",
        "0 2 * * * Z PT0S",
        TWO.minus(Duration.ofDays(1)),
        Optional.empty(),
        false);
  }

  private StoreSpec store() {
    return new StoreSpec(
        "main",
        "directory",
        Options.of(Map.of("path", directory.resolve("store").toString())),
        new Location("a.yaml", 1, 1));
  }

  private static Protection protection(PostgresLab lab) {
    Schedule nightly =
        new Schedule("nightly", new Cron("0 2 * * *"), ZoneOffset.UTC, Duration.ZERO);
    return new Protection(
        new TargetId("runner", "orders"),
        "postgresql",
        new TreeMap<>(Map.of("nightly", nightly)),
        new Retention(2, new TreeMap<>(), new TreeMap<>(), 1, 1),
        Optional.empty(),
        new TreeMap<>(),
        true,
        Duration.ofDays(3),
        Objective.NONE,
        Optional.empty(),
        new TreeMap<>(),
        Optional.of("main"),
        lab.connection("postgres", PostgresLab.SUPERUSER),
        Options.NONE);
  }
}
