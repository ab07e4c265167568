package io.keepset.wal;

import io.keepset.runner.artifact.SealedObject;
import io.keepset.spi.wal.SegmentName;
import io.keepset.spi.wal.TimelineHistory;
import io.keepset.spi.wal.WalScan;
import java.time.Instant;
import java.util.Optional;

/**
 * One file of a database's log as it lies in a store.
 *
 * @param name as PostgreSQL calls it: of a segment, or {@code 00000002.history}
 * @param scan what the segment holds; empty for a history
 * @param history what the history says; empty for a segment
 * @param archivedAt when it came into the store
 * @param expiredAt since when nothing needs it
 * @param deleteAfter when its grace ends
 */
public record WalFile(
    String database,
    String systemId,
    String name,
    Optional<WalScan> scan,
    Optional<TimelineHistory> history,
    String store,
    SealedObject object,
    Instant archivedAt,
    Optional<Instant> expiredAt,
    Optional<Instant> deleteAfter) {
  private static final String JSON = ".json";

  /** Below which all of a cluster's log lies in a store, with the slash. */
  public static String folder(String database, String systemId) {
    return database + "/wal/" + systemId + "/";
  }

  /** Beside each object lies what is known of it; it is there when that is. */
  static String manifestKey(String objectKey) {
    return objectKey + JSON;
  }

  /** Whether the segment is written to its end; histories are. */
  public boolean full() {
    return scan.map(WalScan::full).orElse(true);
  }

  /** Counted from the beginning of the log; -1 for a history. */
  public long number() {
    return scan.map(s -> s.start() / s.segmentSize()).orElse(-1L);
  }

  /**
   * The timeline that it is named after; 0 for a history. Where a timeline begins within a segment,
   * its pages before that are still of the older one, and so is {@link WalScan#timeline}.
   */
  public int timeline() {
    return scan.isEmpty() ? 0 : SegmentName.parse(name).map(SegmentName::timeline).orElse(0);
  }

  WalFile expiring(Instant now, Instant until) {
    return with(Optional.of(now), Optional.of(until));
  }

  WalFile keptAgain() {
    return with(Optional.empty(), Optional.empty());
  }

  private WalFile with(Optional<Instant> expired, Optional<Instant> until) {
    return new WalFile(
        database, systemId, name, scan, history, store, object, archivedAt, expired, until);
  }
}
