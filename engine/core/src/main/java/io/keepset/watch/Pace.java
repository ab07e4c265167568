package io.keepset.watch;

import io.keepset.policy.Schedule;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How long the runs of a database usually take, and how long after their time they usually begin:
 * medians of its last five good scheduled backups. A fleet that has one hour for all its databases
 * and few places makes most of them wait, every night; that is no reason to wake somebody.
 *
 * @param took empty if there is no such backup
 * @param waited empty if there is none
 */
record Pace(Optional<Duration> took, Optional<Duration> waited) {
  /** What a run may be late whatever its usual pace. */
  static final Duration SLACK = Duration.ofMinutes(15);

  /** What the first run of a database may have to wait. */
  static final Duration FIRST = Duration.ofHours(1);

  /** How long a run of which nothing is known may take. */
  static final Duration UNKNOWN_RUN = Duration.ofHours(6);

  private static final int LOOKED_AT = 5;

  static Pace of(List<Backup> backups, Collection<Schedule> schedules, String database) {
    List<Backup> last =
        backups.stream()
            .filter(b -> b.kind() == BackupKind.SCHEDULED && complete(b))
            .sorted(Comparator.comparing(Backup::time).thenComparing(Backup::id).reversed())
            .limit(LOOKED_AT)
            .toList();
    return new Pace(
        median(
            last.stream()
                .flatMap(b -> b.finished().map(end -> Duration.between(b.time(), end)).stream())
                .filter(took -> !took.isNegative())
                .toList()),
        median(last.stream().flatMap(b -> wait(b.time(), schedules, database).stream()).toList()));
  }

  /** How long after its time a run may still begin without being late. */
  Duration tolerance() {
    return waited.orElse(FIRST).plus(took.orElse(Duration.ZERO)).plus(SLACK);
  }

  /** How long a run may take without being stuck. */
  Duration longest() {
    return took.map(
            usual -> {
              Duration fourfold = usual.multipliedBy(4);
              Duration anHourMore = usual.plusHours(1);
              return fourfold.compareTo(anHourMore) > 0 ? fourfold : anHourMore;
            })
        .orElse(UNKNOWN_RUN);
  }

  private static boolean complete(Backup backup) {
    return switch (backup.state()) {
      case CREATED, RESTORING, EXPIRED -> true;
      case CREATING, FAILED, DELETED -> false;
    };
  }

  private static Optional<Duration> wait(
      Instant began, Collection<Schedule> schedules, String database) {
    return schedules.stream()
        .map(schedule -> Duration.between(schedule.previous(database, began), began))
        .min(Comparator.naturalOrder());
  }

  private static Optional<Duration> median(List<Duration> durations) {
    List<Duration> sorted = durations.stream().sorted().toList();
    return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get((sorted.size() - 1) / 2));
  }
}
