package io.keepset.wal;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Source;
import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.Lsn;
import io.keepset.spi.wal.SegmentName;
import io.keepset.spi.wal.WalPosition;
import io.keepset.spi.wal.WalReceiver;
import io.keepset.spi.wal.WalScan;
import io.keepset.spi.wal.WalTarget;
import io.keepset.spi.wal.WriteAheadLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A log whose segments say in words what they hold: timeline, number, and how many bytes of it are
 * written. Its receivers write nothing; they live until they are told why they die.
 */
public final class FakeLog implements WriteAheadLog {
  public static final int SIZE = SegmentName.USUAL_SIZE;
  public static final String SYSTEM = "7";

  /** Of every record. */
  public static final int RECORD = 64;

  public Instant at = Instant.EPOCH;
  public int timeline = 1;
  public long written;

  /** Where the timeline before was left; 0 if nobody can say. */
  public long left;

  public int receivers;
  public int released;
  public boolean releaseFails;
  public OptionalLong quiet = OptionalLong.empty();
  public Optional<BasePoint> base = Optional.empty();
  public Optional<Duration> switchesWithin = Optional.empty();
  public boolean receiving;
  public Optional<String> death = Optional.empty();

  public static String name(int timeline, long number) {
    return SegmentName.of(timeline, number * SIZE, SIZE).toString();
  }

  public static void write(Path file, int timeline, long number, int bytes) throws IOException {
    Files.writeString(file, timeline + " " + number + " " + bytes);
  }

  @Override
  public WalReceiver receive(Source source, Path directory, String slot) {
    receivers++;
    receiving = true;
    death = Optional.empty();
    return new WalReceiver() {
      @Override
      public boolean alive() {
        return receiving && death.isEmpty();
      }

      @Override
      public long pid() {
        return 0;
      }

      @Override
      public Optional<String> failure() {
        return death;
      }

      @Override
      public void close() {
        receiving = false;
      }
    };
  }

  @Override
  public WalPosition position(Source source, String slot) {
    return new WalPosition(
        at,
        SYSTEM,
        timeline,
        SIZE,
        written,
        quiet,
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        false,
        switchesWithin,
        Optional.empty());
  }

  @Override
  public String history(Source source, int asked) throws DriverException {
    if (left == 0) {
      throw new DriverException(Kind.TRANSIENT, "no history");
    }
    return (asked - 1) + "\t" + Lsn.format(left) + "\tno recovery target specified\n";
  }

  @Override
  public void release(Source source, String slot) throws DriverException {
    if (releaseFails) {
      throw new DriverException(Kind.TRANSIENT, "the server is down");
    }
    released++;
  }

  @Override
  public WalScan scan(InputStream segment, long from) throws DriverException {
    try {
      String[] words = new String(segment.readAllBytes(), StandardCharsets.UTF_8).split(" ", 3);
      if (words.length < 3) {
        throw new DriverException(Kind.DAMAGED, "no record");
      }
      long start = Long.parseLong(words[1]) * SIZE;
      int bytes = Integer.parseInt(words[2]);
      return new WalScan(
          SYSTEM,
          Integer.parseInt(words[0]),
          SIZE,
          start,
          start + bytes,
          bytes == SIZE,
          Optional.of(start + bytes - RECORD),
          Optional.empty(),
          Optional.empty(),
          new TreeMap<>(),
          Optional.empty());
    } catch (IOException e) {
      throw new DriverException(Kind.TRANSIENT, "unreadable", e);
    }
  }

  @Override
  public Optional<BasePoint> base(ArtifactFacts facts) {
    return base;
  }

  @Override
  public void prepare(Path restored, BasePoint base, int timeline, WalTarget target, String fetch) {
    throw new UnsupportedOperationException("nothing is restored here");
  }
}
