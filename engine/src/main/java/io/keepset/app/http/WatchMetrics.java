package io.keepset.app.http;

import io.keepset.app.Version;
import io.keepset.app.watch.Outlook;
import io.keepset.app.watch.Outlook.Standing;
import io.keepset.app.watch.RunCounts;
import io.keepset.retention.Backup;
import io.keepset.watch.Problem;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the watch saw, as metrics; docs/monitoring.md lists them, and their names stay. They are
 * made of the last outlook when somebody asks: a meter for each of ten thousand databases would
 * have to be replaced each minute, and who asks meanwhile would get an error.
 */
public final class WatchMetrics implements Consumer<Outlook>, MultiCollector {
  private final RunCounts runs;
  private final Supplier<Policies> policies;
  private volatile @Nullable Seen last;

  /** When the policies were last read, in force, applied. */
  public record Policies(
      Optional<Instant> read, Optional<Instant> inForce, Optional<Instant> applied) {}

  /** One turn of the watch. */
  private record Seen(Outlook outlook, Policies policies) {}

  /** Metrics on their way, by name. */
  private static final class Gauges {
    private final SortedMap<String, List<GaugeDataPointSnapshot>> points = new TreeMap<>();

    void add(String name, Labels labels, Number value) {
      points
          .computeIfAbsent(name, n -> new ArrayList<>())
          .add(new GaugeDataPointSnapshot(value.doubleValue(), labels, null));
    }

    void add(String name, Labels labels, Optional<? extends Number> value) {
      value.ifPresent(v -> add(name, labels, v));
    }

    List<MetricSnapshot> snapshots() {
      List<MetricSnapshot> snapshots = new ArrayList<>();
      points.forEach((name, of) -> snapshots.add(new GaugeSnapshot(new MetricMetadata(name), of)));
      return snapshots;
    }
  }

  WatchMetrics(RunCounts runs, Supplier<Policies> policies) {
    this.runs = runs;
    this.policies = policies;
  }

  @Override
  public void accept(Outlook outlook) {
    last = new Seen(outlook, policies.get());
  }

  @Override
  public MetricSnapshots collect() {
    Gauges gauges = new Gauges();
    gauges.add("keepset_build", Labels.of("version", Version.current()), 1);
    Seen seen = last;
    if (seen != null) {
      policies(gauges, seen.policies());
      outlook(gauges, seen.outlook());
    }
    List<MetricSnapshot> snapshots = gauges.snapshots();
    snapshots.add(runs());
    return new MetricSnapshots(snapshots);
  }

  private static void policies(Gauges gauges, Policies policies) {
    gauges.add(
        "keepset_policies_read_timestamp_seconds",
        Labels.EMPTY,
        policies.read().map(WatchMetrics::seconds));
    gauges.add(
        "keepset_policies_in_force_timestamp_seconds",
        Labels.EMPTY,
        policies.inForce().map(WatchMetrics::seconds));
    gauges.add(
        "keepset_policies_applied_timestamp_seconds",
        Labels.EMPTY,
        policies.applied().map(WatchMetrics::seconds));
  }

  private static void outlook(Gauges gauges, Outlook outlook) {
    gauges.add("keepset_healthy", Labels.EMPTY, outlook.healthy() ? 1 : 0);
    gauges.add("keepset_watch_timestamp_seconds", Labels.EMPTY, seconds(outlook.at()));
    Set<Problem.Key> told = new HashSet<>();
    for (Problem p : outlook.problems()) {
      if (told.add(p.key())) { // the worst stands first; the same twice would be an error
        gauges.add(
            "keepset_problem",
            Labels.of("code", p.code(), "target", p.target(), "severity", p.severity().word()),
            1);
      }
    }
    outlook
        .storedBytes()
        .forEach(
            (store, bytes) -> gauges.add("keepset_store_bytes", Labels.of("store", store), bytes));
    for (Standing standing : outlook.databases()) {
      Labels labels = Labels.of("database", standing.name());
      gauges.add("keepset_backups", labels, standing.backups());
      standing.newest().ifPresent(newest -> newest(gauges, labels, newest, outlook.at()));
      gauges.add(
          "keepset_point_in_time_oldest_timestamp_seconds",
          labels,
          standing.pointInTime().map(span -> seconds(span.oldest())));
      gauges.add(
          "keepset_point_in_time_newest_timestamp_seconds",
          labels,
          standing.pointInTime().map(span -> seconds(span.newest())));
      gauges.add(
          "keepset_backup_duration_seconds", labels, standing.took().map(Duration::toSeconds));
      gauges.add(
          "keepset_backup_next_run_timestamp_seconds",
          labels,
          standing.nextRun().map(WatchMetrics::seconds));
    }
  }

  private static void newest(Gauges gauges, Labels labels, Backup newest, Instant now) {
    gauges.add("keepset_backup_last_success_timestamp_seconds", labels, seconds(newest.time()));
    gauges.add(
        "keepset_backup_age_seconds", labels, Duration.between(newest.time(), now).toSeconds());
    newest.size().ifPresent(size -> gauges.add("keepset_backup_size_bytes", labels, size));
    newest.storedSize().ifPresent(size -> gauges.add("keepset_backup_stored_bytes", labels, size));
  }

  private MetricSnapshot runs() {
    List<CounterDataPointSnapshot> points = new ArrayList<>();
    for (Map.Entry<RunCounts.Key, Long> run : runs.all().entrySet()) {
      points.add(
          new CounterDataPointSnapshot(
              run.getValue().doubleValue(),
              Labels.of(
                  "database", run.getKey().database(), "result", run.getKey().result().word()),
              null,
              0));
    }
    return new CounterSnapshot(new MetricMetadata("keepset_backup_runs"), points);
  }

  private static long seconds(Instant at) {
    return at.getEpochSecond();
  }
}
