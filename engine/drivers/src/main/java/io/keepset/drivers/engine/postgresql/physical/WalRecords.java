package io.keepset.drivers.engine.postgresql.physical;

import io.keepset.spi.wal.WalScan;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** What the records of a log say that somebody who restores wants to know. */
final class WalRecords {
  static final int HEADER = 24;

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int XLOG = 0;

  /** Its time is 64 bytes into {@code CheckPoint} of {@code catalog/pg_control.h}, 13 to 18. */
  private static final int SHUTDOWN = 0x00;

  private static final int SHUTDOWN_TIME = 64;
  private static final int END_OF_RECOVERY = 0x90;
  private static final int SWITCH = 0x40;
  private static final int RESTORE_POINT = 0x70;
  private static final int TRANSACTION = 1;
  private static final int COMMIT = 0x00;
  private static final int ABORT = 0x20;
  private static final int COMMIT_PREPARED = 0x30;
  private static final int ABORT_PREPARED = 0x40;
  private static final int DATA_SHORT = 255;
  private static final int DATA_LONG = 254;
  private static final int ORIGIN = 253;
  private static final int TOP_LEVEL = 252;
  private static final int NAME_LENGTH = 64;

  private final SortedMap<String, Long> marks = new TreeMap<>();
  private @Nullable Instant firstCommit;
  private @Nullable Instant lastCommit;
  private @Nullable Long last;
  private WalScan.@Nullable Opening opening;
  private boolean switched;
  private final long from;

  /**
   * @param from commits and rollbacks before it are not told
   */
  WalRecords(long from) {
    this.from = from;
  }

  /** False if that is no record: then nothing of it is taken. */
  boolean take(ByteBuffer record, long start) {
    CRC32C crc = new CRC32C();
    int offset = record.arrayOffset();
    crc.update(record.array(), offset + HEADER, record.limit() - HEADER);
    crc.update(record.array(), offset, HEADER - 4);
    boolean linked = last == null || record.getLong(8) == last;
    if ((int) crc.getValue() != record.getInt(HEADER - 4) || !linked) {
      return false;
    }
    last = start;
    int info = record.get(16) & 0xF0;
    switch (record.get(17) & 0xFF) {
      case XLOG -> ofLog(record, info, start);
      case TRANSACTION -> ofTransaction(record, info & 0x70, start);
      default -> {}
    }
    return true;
  }

  private void ofLog(ByteBuffer record, int info, long start) {
    if (info == SWITCH) {
      switched = true;
    } else if (info == RESTORE_POINT) {
      int data = data(record);
      if (data >= 0 && data + 8 + NAME_LENGTH <= record.limit()) {
        int length = 0;
        while (length < NAME_LENGTH && record.get(data + 8 + length) != 0) {
          length++;
        }
        marks.put(
            new String(
                record.array(), record.arrayOffset() + data + 8, length, StandardCharsets.UTF_8),
            start);
      }
    } else if (info == END_OF_RECOVERY) {
      int data = data(record);
      if (data >= 0 && data + 16 <= record.limit()) {
        opens(record.getInt(data + 8), record.getInt(data + 12), time(record, data));
      }
    } else if (info == SHUTDOWN) {
      int data = data(record);
      if (data >= 0 && data + SHUTDOWN_TIME + 8 <= record.limit()) {
        Instant at = Instant.ofEpochSecond(record.getLong(data + SHUTDOWN_TIME));
        opens(record.getInt(data + 8), record.getInt(data + 12), at);
      }
    }
  }

  /** A server ends its recovery, on another timeline than it came by if it took to its own. */
  private void opens(int timeline, int before, Instant at) {
    if (timeline != before) {
      opening = new WalScan.Opening(at, Optional.ofNullable(lastCommit));
    }
  }

  private static Instant time(ByteBuffer record, int at) {
    return EPOCH.plus(record.getLong(at), ChronoUnit.MICROS);
  }

  private void ofTransaction(ByteBuffer record, int operation, long start) {
    boolean ends =
        operation == COMMIT
            || operation == ABORT
            || operation == COMMIT_PREPARED
            || operation == ABORT_PREPARED;
    int data = ends && start >= from ? data(record) : -1;
    if (data >= 0 && data + 8 <= record.limit()) {
      Instant at = time(record, data);
      if (firstCommit == null || at.isBefore(firstCommit)) {
        firstCommit = at;
      }
      if (lastCommit == null || at.isAfter(lastCommit)) {
        lastCommit = at;
      }
    }
  }

  /** Where the main data of a record without blocks begins, or -1. */
  private static int data(ByteBuffer record) {
    int at = HEADER;
    while (at < record.limit()) {
      switch (record.get(at) & 0xFF) {
        case DATA_SHORT -> {
          return at + 2;
        }
        case DATA_LONG -> {
          return at + 5;
        }
        case ORIGIN -> at += 3;
        case TOP_LEVEL -> at += 5;
        default -> {
          return -1;
        }
      }
    }
    return -1;
  }

  Optional<Long> last() {
    return Optional.ofNullable(last);
  }

  Optional<Instant> firstCommit() {
    return Optional.ofNullable(firstCommit);
  }

  Optional<Instant> lastCommit() {
    return Optional.ofNullable(lastCommit);
  }

  Optional<WalScan.Opening> opening() {
    return Optional.ofNullable(opening);
  }

  SortedMap<String, Long> marks() {
    return marks;
  }

  /** Whether the log went on in the next segment before this one was full. */
  boolean switched() {
    return switched;
  }
}
