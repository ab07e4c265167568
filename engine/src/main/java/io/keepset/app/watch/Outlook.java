package io.keepset.app.watch;

import io.keepset.retention.Backup;
import io.keepset.wal.PointInTime;
import io.keepset.watch.Problem;
import io.keepset.watch.Promises.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the whole installation stands at one moment.
 *
 * @param databases by name
 * @param problems of databases and of everything else, the worst first
 * @param storedBytes what backups take in each store, by its name
 */
public record Outlook(
    Instant at,
    List<Standing> databases,
    List<Problem> problems,
    SortedMap<String, Long> storedBytes) {
  public Outlook {
    storedBytes = Collections.unmodifiableSortedMap(new TreeMap<>(storedBytes));
    databases = List.copyOf(databases);
    problems = List.copyOf(problems);
  }

  /** Nothing is broken. */
  public boolean healthy() {
    return problems.stream().noneMatch(Problem::broken);
  }

  /** In one word, for tables. */
  public enum State {
    OK,
    WARNING,
    BROKEN,
    /** Backups are off on purpose. */
    SUSPENDED,
    /** Backups are left, but no policy is in force. */
    UNPROTECTED
  }

  /**
   * How one database stands.
   *
   * @param zone on whose clocks people read its times
   * @param backups that can be restored
   * @param newest the newest good one
   * @param latest the newest of any state
   * @param took how long the newest good one took
   * @param pointInTime oldest and newest instant that can be restored, if any can
   */
  public record Standing(
      String name,
      String platform,
      ZoneId zone,
      Optional<String> engine,
      State state,
      int backups,
      Optional<Backup> newest,
      Optional<Backup> latest,
      Optional<Duration> took,
      Optional<Instant> nextRun,
      List<Promise> promises,
      Optional<PointInTime.Span> pointInTime,
      List<Problem> problems) {
    public Standing {
      promises = List.copyOf(promises);
      problems = List.copyOf(problems);
    }
  }
}
