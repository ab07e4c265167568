package io.keepset.app.http;

import io.keepset.app.Version;
import io.keepset.app.watch.Outlook;
import io.keepset.app.watch.Outlook.Standing;
import io.keepset.app.watch.RunCounts;
import io.keepset.retention.Backup;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What the watch saw, as metrics; docs/monitoring.md lists them, and their names stay. */
public final class WatchMetrics implements Consumer<Outlook> {
  private final MeterRegistry registry;
  private final RunCounts runs;
  private final Supplier<Policies> policies;
  private final Map<String, MultiGauge> gauges = new LinkedHashMap<>();
  private final Set<RunCounts.Key> counted = new HashSet<>();

  /** When the policies were last read, in force, applied. */
  public record Policies(
      Optional<Instant> read, Optional<Instant> inForce, Optional<Instant> applied) {}

  WatchMetrics(MeterRegistry registry, RunCounts runs, Supplier<Policies> policies) {
    this.registry = registry;
    this.runs = runs;
    this.policies = policies;
    registry.gauge("keepset_build", Tags.of("version", Version.current()), 1);
  }

  @Override
  public void accept(Outlook outlook) {
    one("keepset_healthy", outlook.healthy() ? 1 : 0);
    one("keepset_watch_timestamp_seconds", seconds(outlook.at()));
    Policies known = policies.get();
    known.read().ifPresent(at -> one("keepset_policies_read_timestamp_seconds", seconds(at)));
    known
        .inForce()
        .ifPresent(at -> one("keepset_policies_in_force_timestamp_seconds", seconds(at)));
    known.applied().ifPresent(at -> one("keepset_policies_applied_timestamp_seconds", seconds(at)));
    databases(outlook);
    List<Row<?>> problems = new ArrayList<>();
    outlook
        .problems()
        .forEach(
            p ->
                problems.add(
                    Row.of(
                        Tags.of(
                            "code", p.code(),
                            "target", p.target(),
                            "severity", p.severity().word()),
                        1)));
    rows("keepset_problem", problems);
    List<Row<?>> stores = new ArrayList<>();
    outlook
        .storedBytes()
        .forEach((store, bytes) -> stores.add(Row.of(Tags.of("store", store), bytes)));
    rows("keepset_store_bytes", stores);
    counters();
  }

  private void databases(Outlook outlook) {
    Map<String, List<Row<?>>> rows = new LinkedHashMap<>();
    for (Standing standing : outlook.databases()) {
      Tags tags = Tags.of("database", standing.name());
      row(rows, "keepset_backups", tags, standing.backups());
      standing.newest().ifPresent(newest -> newest(rows, tags, newest, outlook.at()));
      standing
          .took()
          .ifPresent(took -> row(rows, "keepset_backup_duration_seconds", tags, took.toSeconds()));
      standing
          .nextRun()
          .ifPresent(
              at -> row(rows, "keepset_backup_next_run_timestamp_seconds", tags, seconds(at)));
    }
    for (String name : PER_DATABASE) {
      rows(name, rows.getOrDefault(name, List.of()));
    }
  }

  private static final List<String> PER_DATABASE =
      List.of(
          "keepset_backups",
          "keepset_backup_last_success_timestamp_seconds",
          "keepset_backup_age_seconds",
          "keepset_backup_size_bytes",
          "keepset_backup_stored_bytes",
          "keepset_backup_duration_seconds",
          "keepset_backup_next_run_timestamp_seconds");

  private static void newest(
      Map<String, List<Row<?>>> rows, Tags tags, Backup newest, Instant now) {
    row(rows, "keepset_backup_last_success_timestamp_seconds", tags, seconds(newest.time()));
    row(rows, "keepset_backup_age_seconds", tags, Duration.between(newest.time(), now).toSeconds());
    newest.size().ifPresent(size -> row(rows, "keepset_backup_size_bytes", tags, size));
    newest.storedSize().ifPresent(size -> row(rows, "keepset_backup_stored_bytes", tags, size));
  }

  private static void row(Map<String, List<Row<?>>> rows, String name, Tags tags, Number value) {
    rows.computeIfAbsent(name, n -> new ArrayList<>()).add(Row.of(tags, value));
  }

  private void one(String name, Number value) {
    rows(name, List.of(Row.of(Tags.empty(), value)));
  }

  private void rows(String name, List<Row<?>> rows) {
    gauges
        .computeIfAbsent(name, n -> MultiGauge.builder(n).register(registry))
        .register(rows, true);
  }

  private void counters() {
    for (RunCounts.Key key : runs.all().keySet()) {
      if (counted.add(key)) {
        FunctionCounter.builder("keepset_backup_runs_total", runs, all -> all.of(key))
            .tags("database", key.database(), "result", key.result().word())
            .register(registry);
      }
    }
  }

  private static long seconds(Instant at) {
    return at.getEpochSecond();
  }
}
