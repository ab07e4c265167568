package io.keepset.plan;

import io.keepset.retention.Backup;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The backups, and the recovery window, that a change would cost.
 *
 * @param expiring kept by the old rules and no longer by the new ones; in order of time
 * @param staying backups that stay although nothing looks after them any more, because their
 *     database is no longer declared; in order of time
 * @param total how many restorable backups the database has now
 * @param grace how long the expiring ones stay restorable
 * @param oldestLeft the oldest backup that the new rules keep
 * @param windowBefore age of the oldest backup that the old rules keep
 * @param windowAfter age of {@code oldestLeft}
 */
public record Impact(
    List<Backup> expiring,
    List<Backup> staying,
    int total,
    Duration grace,
    Optional<Backup> oldestLeft,
    Optional<Duration> windowBefore,
    Optional<Duration> windowAfter) {
  public static final Impact NONE =
      new Impact(
          List.of(),
          List.of(),
          0,
          Duration.ZERO,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  public Impact {
    expiring = List.copyOf(expiring);
    staying = List.copyOf(staying);
  }

  /** Bytes in stores and on platforms that the expiring backups take; unknown sizes count as 0. */
  public long freedBytes() {
    long bytes = 0;
    for (Backup backup : expiring) {
      bytes += backup.storedSize().orElse(backup.size().orElse(0));
    }
    return bytes;
  }
}
