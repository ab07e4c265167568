package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.PolicyLoader;
import io.keepset.policy.Protection;
import io.keepset.policy.Schedule;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.source.SourceFile;
import io.keepset.spi.Progress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Policies over a year of runs, one on demand now and then. Of the built-in {@code compose} exactly
 * seven daily, four weekly and three monthly backups and the newest on-demand one are there on any
 * day once so much time has passed.
 */
class ComposeYearTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T12:00:00Z");

  private static final String BLOCKS =
      """
      database:
        files: {engine: volume, policy: %s, store: main, connection: {path: /srv/files}}
      store:
        main: {type: directory, path: /var/backups}
      """;

  private static final String COMPOSE =
      "keepset: {defaults: {timezone: %s}}\n" + BLOCKS.formatted("compose");

  private static final String OWN =
      """
      policy:
        own:
          schedule: {daily: {cron: "0 2 * * *", timezone: UTC}}
          retention: {daily: 2, minimum: 1, on_demand: %s}
      """
          + BLOCKS.formatted("own");

  /** Until the third month has ended. */
  private static final int FILLED = 100;

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Europe/Berlin", "America/New_York"})
  void keepsSevenFourThreeAndOne(String zone) throws Exception {
    year(
        protection(COMPOSE.formatted(zone)),
        (scheduled, onDemand) -> {
          TreeSet<String> kept = keptOf(scheduled, ZoneId.of(zone));
          kept.addAll(last(onDemand, 1));
          return kept;
        });
  }

  @Test
  void keepsOnDemandBackupsForEverWhileScheduledOnesGo() throws Exception {
    year(
        protection(OWN.formatted("forever")),
        (scheduled, onDemand) -> {
          TreeSet<String> kept = new TreeSet<>(onDemand);
          kept.addAll(last(List.copyOf(scheduled.values()), 2));
          return kept;
        });
  }

  @Test
  void keepsTheLastOnDemandBackupsOfAll() throws Exception {
    year(
        protection(OWN.formatted("3")),
        (scheduled, onDemand) -> {
          TreeSet<String> kept = new TreeSet<>(last(onDemand, 3));
          kept.addAll(last(List.copyOf(scheduled.values()), 2));
          return kept;
        });
  }

  /** What has to be there, of all that was made, oldest first. */
  @FunctionalInterface
  private interface Expected {
    TreeSet<String> of(TreeMap<Instant, String> scheduled, List<String> onDemand);
  }

  private static void year(Protection files, Expected expected) throws Exception {
    RunnerLab lab = new RunnerLab();
    lab.now = BEGIN;
    lab.protect(files);
    Schedule daily = files.schedules().get("daily");
    Random random = new Random(7);
    TreeMap<Instant, String> scheduled = new TreeMap<>();
    List<String> onDemand = new ArrayList<>();
    for (int day = 0; day < 365; day++) {
      lab.now = daily.next("files", lab.now);
      scheduled.put(lab.now, run(lab, BackupKind.SCHEDULED).id());
      if (random.nextInt(20) == 0) {
        lab.now = lab.now.plus(Duration.ofMinutes(30 + random.nextInt(600)));
        onDemand.add(run(lab, BackupKind.ON_DEMAND).id());
      }
      new Expiry(lab.ports()).of("files");
      if (day >= FILLED) {
        assertThat(created(lab)).as("day " + day).isEqualTo(expected.of(scheduled, onDemand));
      }
    }
    assertThat(onDemand).hasSizeGreaterThan(5);
  }

  private static List<String> last(List<String> ids, int many) {
    return ids.subList(Math.max(0, ids.size() - many), ids.size());
  }

  private static Backup run(RunnerLab lab, BackupKind kind) throws Exception {
    Backup made = new BackupRun(lab.ports()).dump("files", kind, Progress.NONE);
    assertThat(made.state()).isEqualTo(BackupState.CREATED);
    return made;
  }

  /** By plain grouping, with nothing of the product. */
  private static TreeSet<String> keptOf(TreeMap<Instant, String> scheduled, ZoneId zone) {
    TreeSet<String> kept = new TreeSet<>();
    kept.addAll(newest(scheduled, 7, time -> LocalDate.ofInstant(time, zone).toString()));
    kept.addAll(newest(scheduled, 4, time -> week(LocalDate.ofInstant(time, zone))));
    kept.addAll(
        newest(scheduled, 3, time -> YearMonth.from(LocalDate.ofInstant(time, zone)).toString()));
    return kept;
  }

  private static String week(LocalDate date) {
    return date.get(IsoFields.WEEK_BASED_YEAR)
        + "-"
        + (100 + date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
  }

  /** The last backup of each of the last so many periods. */
  private static List<String> newest(
      TreeMap<Instant, String> scheduled, int periods, Function<Instant, String> period) {
    TreeMap<String, String> last = new TreeMap<>(Comparator.reverseOrder());
    scheduled.forEach((time, id) -> last.put(period.apply(time), id));
    List<String> kept = last.values().stream().limit(periods).toList();
    assertThat(kept).hasSize(periods);
    return kept;
  }

  private static TreeSet<String> created(RunnerLab lab) {
    TreeSet<String> ids = new TreeSet<>();
    for (Backup backup : lab.catalogue.backups("files")) {
      if (backup.state() == BackupState.CREATED) {
        ids.add(backup.id());
      }
    }
    return ids;
  }

  private static Protection protection(String text) {
    return new PolicyLoader()
        .load(List.of(new SourceFile("a.yaml", text.getBytes(StandardCharsets.UTF_8))))
        .valid()
        .orElseThrow()
        .protections()
        .get("files")
        .protection();
  }
}
