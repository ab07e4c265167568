package io.keepset.wal;

import io.keepset.runner.artifact.Fingerprint;
import io.keepset.runner.artifact.SealedObject;
import io.keepset.spi.wal.SegmentName;
import io.keepset.spi.wal.TimelineHistory;
import io.keepset.spi.wal.WalScan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What an archive of {@code orders} knows of its files, for tests that need no bytes of them. */
final class WalFiles {
  static final int SIZE = FakeLog.SIZE;

  private WalFiles() {}

  /** A whole segment of one timeline, with one commit. */
  static WalFile segment(int timeline, long number, Instant then) {
    return segment(timeline, timeline, number, then);
  }

  /**
   * The same where a timeline may begin.
   *
   * @param timeline that its name has
   * @param first timeline of its first page
   */
  static WalFile segment(int timeline, int first, long number, Instant then) {
    return segment(timeline, first, number, SIZE, Optional.of(then), then);
  }

  /** One of which so many bytes are written, with no commit. */
  static WalFile state(long number, int bytes, Instant then) {
    return segment(1, 1, number, bytes, Optional.empty(), then);
  }

  private static WalFile segment(
      int timeline, int first, long number, int bytes, Optional<Instant> commit, Instant then) {
    long start = number * SIZE;
    WalScan scan =
        new WalScan(
            FakeLog.SYSTEM,
            first,
            SIZE,
            start,
            start + bytes,
            bytes == SIZE,
            Optional.of(start + bytes - FakeLog.RECORD),
            commit,
            commit,
            new TreeMap<>(),
            Optional.empty());
    String name = SegmentName.of(timeline, start, SIZE).toString();
    return file(name, name + "." + bytes, Optional.of(scan), Optional.empty(), then);
  }

  /** Of a timeline that the one before leads to. */
  static WalFile history(int timeline, long left, Instant then) {
    String name = TimelineHistory.name(timeline);
    TimelineHistory history =
        new TimelineHistory(timeline, List.of(new TimelineHistory.Fork(timeline - 1, left)));
    return file(name, name, Optional.empty(), Optional.of(history), then);
  }

  private static WalFile file(
      String name,
      String object,
      Optional<WalScan> scan,
      Optional<TimelineHistory> history,
      Instant then) {
    return new WalFile(
        "orders",
        FakeLog.SYSTEM,
        name,
        scan,
        history,
        "main",
        new SealedObject(
            WalFile.folder("orders", FakeLog.SYSTEM) + object,
            Fingerprint.crc32c(SIZE, "00000000"),
            Fingerprint.sha256(10, "00"),
            Optional.empty()),
        then,
        Optional.empty(),
        Optional.empty());
  }
}
