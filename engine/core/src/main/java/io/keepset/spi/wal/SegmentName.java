package io.keepset.spi.wal;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a segment of the log: {@code 000000010000000000000003}. How many segments there are
 * to 4 GiB depends on their size, so a name alone does not say which number it is.
 *
 * @param high second group of eight digits
 * @param low third group of eight digits
 */
public record SegmentName(int timeline, long high, long low) {
  /** PostgreSQL's default; {@code initdb --wal-segsize} sets another. */
  public static final int USUAL_SIZE = 16 << 20;

  private static final Pattern FORM = Pattern.compile("[0-9A-F]{24}");
  private static final Pattern HISTORY = Pattern.compile("[0-9A-F]{8}\\.history");
  private static final Pattern LABEL = Pattern.compile("[0-9A-F]{24}\\.[0-9A-F]{8}\\.backup");

  /** Empty if that is the name of something else. */
  public static Optional<SegmentName> parse(String name) {
    return FORM.matcher(name).matches()
        ? Optional.of(
            new SegmentName(
                Integer.parseUnsignedInt(name.substring(0, 8), 16),
                Long.parseLong(name.substring(8, 16), 16),
                Long.parseLong(name.substring(16), 16)))
        : Optional.empty();
  }

  /** Of the segment that holds this position. */
  public static SegmentName of(int timeline, long lsn, int segmentSize) {
    long number = lsn / segmentSize;
    long perGroup = (1L << 32) / segmentSize;
    return new SegmentName(timeline, number / perGroup, number % perGroup);
  }

  /** Whether it is the name of a timeline's history: {@code 00000002.history}. */
  public static boolean isHistory(String name) {
    return HISTORY.matcher(name).matches();
  }

  /** Whether it is the name of the note that a base backup leaves in the archive. */
  public static boolean isLabel(String name) {
    return LABEL.matcher(name).matches();
  }

  /** Counted from the beginning of the log. */
  public long number(int segmentSize) {
    return high * ((1L << 32) / segmentSize) + low;
  }

  /** Where it begins. */
  public long start(int segmentSize) {
    return number(segmentSize) * segmentSize;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%08X%08X%08X", timeline, high, low);
  }
}
