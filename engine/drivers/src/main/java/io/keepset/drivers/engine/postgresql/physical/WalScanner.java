package io.keepset.drivers.engine.postgresql.physical;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.wal.Lsn;
import io.keepset.spi.wal.WalScan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Reads one segment of PostgreSQL's write-ahead log, page by page, and checks the CRC-32C of every
 * record that lies whole in it. The layout is that of {@code access/xlog_internal.h} and {@code
 * access/xlogrecord.h}, the same from version 12 to 18, on little-endian machines. Memory is one
 * record.
 */
public final class WalScanner {
  private static final int PAGE = 8192;
  private static final int SHORT_HEADER = 24;
  private static final int LONG_HEADER = 40;
  private static final int CONTINUES = 1;
  private static final int LONG = 2;
  private static final int OVERWRITES = 8;

  private final InputStream in;
  private final WalRecords records;
  private final ByteArrayOutputStream record = new ByteArrayOutputStream();

  /**
   * Bytes that are still missing of the record begun before, whether or not it is ours to judge.
   */
  private long missing;

  /** Whether what is missing belongs to a record that began in the segment before. */
  private boolean foreign;

  private long recordStart;
  private long end;
  private boolean over;

  private WalScanner(InputStream in, long from) {
    this.in = in;
    this.records = new WalRecords(from);
  }

  /**
   * Reads a segment to its end.
   *
   * @throws DriverException DAMAGED if it is not one, or not whole
   */
  public static WalScan scan(InputStream segment) throws DriverException {
    return scan(segment, 0);
  }

  /** The same, with the commits and rollbacks at or behind a position. */
  public static WalScan scan(InputStream segment, long from) throws DriverException {
    try {
      return new WalScanner(segment, from).run();
    } catch (IOException e) {
      throw io.keepset.spi.BrokenStream.unwrap(e, "reading a segment of the log");
    }
  }

  private WalScan run() throws IOException, DriverException {
    ByteBuffer page = page();
    if (page.limit() < PAGE || (page.getShort(2) & LONG) == 0 || page.getInt(36) != PAGE) {
      throw damaged("it does not begin as one");
    }
    short magic = page.getShort(0);
    int timeline = page.getInt(4);
    long start = page.getLong(8);
    String systemId = Long.toUnsignedString(page.getLong(24));
    int segmentSize = page.getInt(32);
    if (segmentSize < 1 << 20 || Integer.bitCount(segmentSize) != 1 || start % segmentSize != 0) {
      throw damaged("its header is not whole");
    }
    end = start;
    long address = start;
    while (page.limit() > 0) {
      if (address - start >= segmentSize) {
        throw damaged("it is longer than " + segmentSize + " bytes");
      }
      boolean good =
          page.limit() == PAGE && page.getShort(0) == magic && page.getLong(8) == address;
      over = over || !good;
      if (!over) {
        take(page, address);
      }
      address += page.limit();
      page = page();
    }
    long length = address - start;
    boolean full = (!over || records.switched()) && length == segmentSize;
    return new WalScan(
        systemId,
        timeline,
        segmentSize,
        start,
        full ? start + segmentSize : end,
        full,
        records.last(),
        records.firstCommit(),
        records.lastCommit(),
        records.marks(),
        records.opening());
  }

  private void take(ByteBuffer page, long address) throws DriverException {
    int info = page.getShort(2);
    int at = (info & LONG) != 0 ? LONG_HEADER : SHORT_HEADER;
    if ((info & CONTINUES) != 0) {
      long rest = Integer.toUnsignedLong(page.getInt(16));
      if (missing == 0 && end == address) {
        foreign = true;
        missing = rest;
      } else if (missing != rest) {
        over = true;
        return;
      }
      at = consume(page, at, address);
    } else if (missing > 0) {
      if ((info & OVERWRITES) == 0) {
        over = true; // what a record began with was never finished
        return;
      }
      missing = 0;
      record.reset();
    }
    while (missing == 0 && !over && at + 8 <= PAGE) {
      int length = page.getInt(at);
      if (length == 0) {
        over = true;
        return;
      }
      if (length < WalRecords.HEADER) {
        over = true;
        return;
      }
      recordStart = address + at;
      missing = length;
      foreign = false;
      record.reset();
      at = consume(page, at, address);
    }
  }

  /** Takes what this page has of the record; returns where the next one begins. */
  private int consume(ByteBuffer page, int from, long address) throws DriverException {
    int n = (int) Math.min(missing, PAGE - from);
    if (!foreign) {
      record.write(page.array(), page.arrayOffset() + from, n);
    }
    missing -= n;
    int next = Math.min(PAGE, (from + n + 7) & ~7);
    if (missing == 0) {
      if (!foreign) {
        ended(address + next);
      } else {
        end = address + next;
      }
      foreign = false;
    }
    return next;
  }

  private void ended(long next) throws DriverException {
    ByteBuffer whole = ByteBuffer.wrap(record.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    if (!records.take(whole, recordStart)) {
      over = true; // what an earlier use of the file left behind: here the log ends
      return;
    }
    end = next;
    over = records.switched();
  }

  private ByteBuffer page() throws IOException {
    byte[] bytes = in.readNBytes(PAGE);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Judges a finished segment: what is not full is not whole. */
  public static Optional<String> unfinished(WalScan scan) {
    return scan.full()
        ? Optional.empty()
        : Optional.of("its records end at " + Lsn.format(scan.end()) + ", before its own end");
  }

  private static DriverException damaged(String how) {
    return new DriverException(
        Kind.DAMAGED, "this is not a whole segment of PostgreSQL's log: " + how);
  }
}
