package io.keepset.spi.wal;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a timeline came about, as the server's {@code 00000002.history} says it: the timelines that
 * lead to it, and where each of them was left. A server goes on a timeline of its own when a
 * standby is promoted, and when a restored copy opens.
 *
 * @param timeline whose history it is
 * @param forks oldest first; none for a timeline that nothing leads to
 */
public record TimelineHistory(int timeline, List<Fork> forks) {
  private static final Pattern LINE =
      Pattern.compile("(\\d{1,9})\\s+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})(\\s.*)?");

  public TimelineHistory {
    forks = List.copyOf(forks);
  }

  /** A timeline of which no history is known: nothing leads to it. */
  public static TimelineHistory alone(int timeline) {
    return new TimelineHistory(timeline, List.of());
  }

  /**
   * A timeline that was left.
   *
   * @param lsn up to where, exclusively, its log is on the way
   */
  public record Fork(int timeline, long lsn) {}

  /** Name of the file that holds it. */
  public static String name(int timeline) {
    return String.format(java.util.Locale.ROOT, "%08X.history", timeline);
  }

  /** Whose history a file is; empty if that is the name of something else. */
  public static Optional<Integer> timeline(String name) {
    return SegmentName.isHistory(name)
        ? Optional.of(Integer.parseUnsignedInt(name.substring(0, 8), 16))
        : Optional.empty();
  }

  /**
   * Reads such a file.
   *
   * @throws DriverException DAMAGED if it is none
   */
  public static TimelineHistory parse(int timeline, String text) throws DriverException {
    List<Fork> forks = new ArrayList<>();
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw damaged(timeline, line);
      }
      Fork fork =
          new Fork(
              Integer.parseInt(matcher.group(1)),
              Lsn.parse(matcher.group(2)).orElseThrow(() -> damaged(timeline, line)));
      boolean rises =
          forks.isEmpty()
              || (forks.get(forks.size() - 1).timeline() < fork.timeline()
                  && forks.get(forks.size() - 1).lsn() <= fork.lsn());
      if (!rises || fork.timeline() >= timeline) {
        throw damaged(timeline, line);
      }
      forks.add(fork);
    }
    if (forks.isEmpty()) {
      throw new DriverException(
          Kind.DAMAGED, name(timeline) + " names no timeline that leads to it");
    }
    return new TimelineHistory(timeline, forks);
  }

  private static DriverException damaged(int timeline, String line) {
    return new DriverException(
        Kind.DAMAGED, name(timeline) + " is no history of a timeline: it says " + line);
  }

  /** Where a timeline that leads to this one was left; empty if it does not lead here, or is it. */
  public Optional<Long> left(int other) {
    return forks.stream().filter(fork -> fork.timeline() == other).map(Fork::lsn).findFirst();
  }

  /** Whether what another timeline wrote up to that position is part of this one. */
  public boolean holds(int other, long end) {
    return other == timeline || left(other).filter(lsn -> end <= lsn).isPresent();
  }
}
