package io.keepset.wal;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.wal.Lsn;
import io.keepset.spi.wal.SegmentName;
import io.keepset.spi.wal.TimelineHistory;
import io.keepset.spi.wal.WalScan;
import io.keepset.spi.wal.WriteAheadLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A file of a log on its way into the archive.
 *
 * @param name of the file in the log, whatever it is called on disk
 * @param path where it lies
 * @param scan what the segment holds; empty for other files
 * @param history what the history says; empty for other files
 */
record Incoming(String name, Path path, Optional<WalScan> scan, Optional<TimelineHistory> history) {
  /**
   * Reads it to its end.
   *
   * @param open whether a segment that is not full is welcome
   * @throws DriverException DAMAGED if it is not whole, or not what its name says
   */
  static Incoming read(WriteAheadLog log, String name, Path path, boolean open)
      throws DriverException {
    return new Incoming(name, path, scan(log, name, path, open), history(name, path));
  }

  private static Optional<WalScan> scan(WriteAheadLog log, String name, Path path, boolean open)
      throws DriverException {
    Optional<SegmentName> segment = SegmentName.parse(name);
    if (segment.isEmpty()) {
      return Optional.empty();
    }
    WalScan scan;
    try (InputStream in = Files.newInputStream(path)) {
      scan = log.scan(in);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    SegmentName own = SegmentName.of(scan.timeline(), scan.start(), scan.segmentSize());
    if (scan.start() != segment.get().start(scan.segmentSize())
        || scan.timeline() > segment.get().timeline()) {
      throw new DriverException(
          Kind.DAMAGED, path + " is called " + name + ", but holds segment " + own);
    }
    if (!open && !scan.full()) {
      throw new DriverException(
          Kind.DAMAGED, name + " is not whole: its records end at " + Lsn.format(scan.end()));
    }
    return Optional.of(scan);
  }

  private static Optional<TimelineHistory> history(String name, Path path) throws DriverException {
    Optional<Integer> timeline = TimelineHistory.timeline(name);
    if (timeline.isEmpty()) {
      return Optional.empty();
    }
    try {
      String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
      return Optional.of(TimelineHistory.parse(timeline.get(), text));
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * Where it is to lie. A state of an open segment gets a place that no other has, as it is removed
   * when the next one is there.
   */
  String newKey(String database, String systemId) {
    String key = WalFile.folder(database, systemId) + name;
    return whole() ? key : key + "." + UUID.randomUUID().toString().substring(0, 8);
  }

  /** Whether nothing will come behind it: a segment that is full, or another file. */
  boolean whole() {
    return scan.map(WalScan::full).orElse(true);
  }

  /**
   * Whether it is in the archive, or a later state of it.
   *
   * @throws DriverException REJECTED if another file of this name is
   */
  boolean isIn(WalFile before) throws DriverException {
    return isContained(before) && before.history().equals(history);
  }

  private boolean isContained(WalFile before) throws DriverException {
    if (before.full() && scan.isPresent() && !scan.get().full()) {
      return true; // an older state of what is there
    }
    if (!before.full()) {
      return scan.isPresent()
          && !scan.get().full()
          && scan.get().end() <= before.scan().orElseThrow().end();
    }
    CRC32C crc = new CRC32C();
    long size = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(path)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        crc.update(buffer, 0, n);
        size += n;
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    String sum = String.format(Locale.ROOT, "%08x", crc.getValue());
    if (size != before.object().plain().size() || !sum.equals(before.object().plain().sum())) {
      throw new DriverException(
          Kind.REJECTED,
          before.name()
              + " is in the archive of "
              + before.database()
              + " already, with other content: two servers write into one archive. Set"
              + " archive_mode = off on the one that is a copy");
    }
    return true;
  }

  private static DriverException unreadable(Path path, IOException e) {
    return new DriverException(Kind.TRANSIENT, "can't read " + path + ": " + e, e);
  }
}
