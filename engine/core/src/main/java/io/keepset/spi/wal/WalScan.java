package io.keepset.spi.wal;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one segment of a log holds, read to its end.
 *
 * @param systemId of the cluster that wrote it
 * @param start position of its first byte
 * @param end position after its last whole record; the segment's end if it is full
 * @param full whether it is written to its end; an open one ends in nothing
 * @param lastRecord where its last whole record begins; empty if it has none of its own
 * @param firstCommit earliest time of a commit or rollback in it
 * @param lastCommit latest such time
 * @param marks named restore points by name, with their positions
 * @param opening where a timeline begins in it; empty if none does
 */
public record WalScan(
    String systemId,
    int timeline,
    int segmentSize,
    long start,
    long end,
    boolean full,
    Optional<Long> lastRecord,
    Optional<Instant> firstCommit,
    Optional<Instant> lastCommit,
    SortedMap<String, Long> marks,
    Optional<Opening> opening) {
  /**
   * Where a server went on a timeline of its own.
   *
   * @param at when that was, by its clock
   * @param lastBefore latest commit or rollback of this segment that lies before it
   */
  public record Opening(Instant at, Optional<Instant> lastBefore) {}

  public WalScan {
    marks = Collections.unmodifiableSortedMap(new TreeMap<>(marks));
  }
}
