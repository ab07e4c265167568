package io.keepset.retention;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whether a new backup is so much smaller than its predecessors that it must not count. Judged
 * once, when the backup is made, and remembered with it: so that the verdict does not change when
 * its predecessors go. A database that really shrank is trusted again once the smaller size is the
 * usual one.
 */
public final class Suspicion {
  /** A backup smaller than this part of the usual size is suspicious. */
  public static final double USUAL_THRESHOLD = 0.5;

  private static final int LOOKED_AT = 5;

  private Suspicion() {}

  /**
   * Why a backup of this size is suspicious, if it is.
   *
   * @param earlier backups of the same database, in any order and state
   * @param threshold part of the median of the last five that a backup must at least have
   */
  public static Optional<String> of(long size, List<Backup> earlier, double threshold) {
    if (size == 0) {
      return Optional.of("it is empty");
    }
    long[] sizes =
        earlier.stream()
            .filter(Suspicion::complete)
            .sorted(Comparator.comparing(Backup::time).reversed())
            .map(Backup::size)
            .flatMapToLong(OptionalLong::stream)
            .limit(LOOKED_AT)
            .sorted()
            .toArray();
    if (sizes.length == 0) {
      return Optional.empty();
    }
    // Of an even number the lower middle: in doubt the backup counts.
    long median = sizes[(sizes.length - 1) / 2];
    return size < median * threshold
        ? Optional.of(
            "it has "
                + size
                + " bytes, less than "
                + Math.round(threshold * 100)
                + " % of the usual "
                + median)
        : Optional.empty();
  }

  private static boolean complete(Backup backup) {
    return switch (backup.state()) {
      case CREATED, RESTORING, EXPIRED -> true;
      case CREATING, FAILED, DELETED -> false;
    };
  }
}
