package io.keepset.wal;

import io.keepset.retention.Backup;
import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.TimelineHistory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One unbroken stretch of a database's log with the base backups that it can be replayed on.
 *
 * @param history of the timeline that it leads to
 * @param bases oldest first, at least one
 * @param files the segments, oldest first, without a gap
 * @param from earliest instant that can be restored
 * @param until latest such instant
 */
public record RecoveryWindow(
    TimelineHistory history, List<Base> bases, List<WalFile> files, Instant from, Instant until) {
  public RecoveryWindow {
    bases = List.copyOf(bases);
    files = List.copyOf(files);
  }

  /** A base backup and where it stands. */
  public record Base(Backup backup, BasePoint point) {
    /**
     * From when on it can be rolled forward to. By the server's clock, as the commits are whose
     * times are compared with it; only of a backup that does not say that by Keepset's own.
     */
    public Instant complete() {
      return point.stopped().orElseGet(this::finished);
    }

    /**
     * When it was in the store, by Keepset's clock: for ages, which have one clock at both ends.
     */
    public Instant finished() {
      return backup.finished().orElse(backup.time());
    }
  }

  public boolean holds(Instant instant) {
    return !instant.isBefore(from) && !instant.isAfter(until);
  }

  /** The newest base backup that was complete by then. */
  public Optional<Base> before(Instant instant) {
    return newest(base -> !base.complete().isAfter(instant));
  }

  /** The newest base backup that is consistent at this position. */
  public Optional<Base> before(long lsn) {
    return newest(base -> base.point().stop() <= lsn);
  }

  private Optional<Base> newest(java.util.function.Predicate<Base> good) {
    return bases.stream().filter(good).reduce((one, other) -> other);
  }
}
