package io.keepset.runner;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import java.time.Instant;
import java.util.List;

/**
 * Whether a backup is so much smaller than those before it that something went wrong with it, or
 * with its database. Such a one is kept and shown but does not count.
 *
 * <p>Measured against the median of the last five, the suspicious ones among them included: a
 * database that really shrank is believed once most of its last backups say the same.
 */
final class Suspicion {
  private static final int PREDECESSORS = 5;

  private Suspicion() {}

  /**
   * @param percent of the median below which a size is suspicious; 0 turns the check off
   */
  static boolean of(long size, Instant time, BackupKind kind, List<Backup> known, int percent) {
    if (kind == BackupKind.UPLOADED) {
      return false; // somebody chose this very file
    }
    long[] sizes =
        known.stream()
            .filter(b -> b.time().isBefore(time) && b.kind() != BackupKind.UPLOADED)
            .filter(b -> b.state() != BackupState.FAILED && b.size().isPresent())
            .sorted((a, b) -> b.time().compareTo(a.time()))
            .limit(PREDECESSORS)
            .mapToLong(b -> b.size().getAsLong())
            .sorted()
            .toArray();
    if (sizes.length == 0) {
      return false;
    }
    int middle = sizes.length / 2;
    double median =
        sizes.length % 2 == 1 ? sizes[middle] : (sizes[middle - 1] + sizes[middle]) / 2.0;
    return size < median * percent / 100;
  }
}
