package io.keepset.wal;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.SegmentName;
import io.keepset.spi.wal.WalPosition;
import io.keepset.spi.wal.WalReceiver;
import io.keepset.spi.wal.WalScan;
import io.keepset.spi.wal.WalTarget;
import io.keepset.spi.wal.WriteAheadLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A log whose segments list their commits: where each begins, and when it was. */
final class ScriptLog implements WriteAheadLog {
  static final int SIZE = SegmentName.USUAL_SIZE;
  static final String SYSTEM = "7";

  /**
   * @param opening instant and position of a timeline's beginning in it
   * @param commits position and instant of each
   */
  static String segment(
      int timeline, long start, long end, Optional<String> opening, List<String> commits) {
    return timeline
        + " "
        + start
        + " "
        + end
        + "\n"
        + opening.orElse("")
        + "\n"
        + String.join("\n", commits);
  }

  @Override
  public WalScan scan(InputStream segment, long from) {
    List<String> lines;
    try {
      lines = new String(segment.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String[] head = lines.get(0).split(" ");
    long start = Long.parseLong(head[1]);
    long end = Long.parseLong(head[2]);
    Optional<Long> opened = Optional.empty();
    Optional<Instant> openedAt = Optional.empty();
    if (!lines.get(1).isEmpty()) {
      openedAt = Optional.of(Instant.parse(lines.get(1).split(" ")[0]));
      opened = Optional.of(Long.parseLong(lines.get(1).split(" ")[1]));
    }
    Optional<Instant> first = Optional.empty();
    Optional<Instant> last = Optional.empty();
    Optional<Instant> lastBefore = Optional.empty();
    Optional<Long> record = opened.filter(at -> at >= start);
    for (String line : lines.subList(2, lines.size())) {
      long at = Long.parseLong(line.split(" ")[0]);
      Instant then = Instant.parse(line.split(" ")[1]);
      record = Optional.of(Math.max(at, record.orElse(0L)));
      if (opened.isPresent() && at < opened.get()) {
        lastBefore = Optional.of(then);
      }
      if (at >= from) {
        first = first.or(() -> Optional.of(then));
        last = Optional.of(then);
      }
    }
    Optional<Instant> before = lastBefore;
    return new WalScan(
        SYSTEM,
        Integer.parseInt(head[0]),
        SIZE,
        start,
        end,
        end == start + SIZE,
        record,
        first,
        last,
        new TreeMap<>(),
        openedAt.map(at -> new WalScan.Opening(at, before)));
  }

  @Override
  public Optional<BasePoint> base(ArtifactFacts facts) {
    return Optional.empty();
  }

  @Override
  public WalReceiver receive(Source source, Path directory, String slot) throws DriverException {
    throw new UnsupportedOperationException("nothing is received here");
  }

  @Override
  public WalPosition position(Source source, String slot) {
    throw new UnsupportedOperationException("there is no server here");
  }

  @Override
  public String history(Source source, int timeline) {
    throw new UnsupportedOperationException("there is no server here");
  }

  @Override
  public void release(Source source, String slot) {
    throw new UnsupportedOperationException("there is no server here");
  }

  @Override
  public void prepare(Path restored, BasePoint base, int timeline, WalTarget target, String fetch) {
    throw new UnsupportedOperationException("nothing is restored here");
  }
}
