package io.keepset.spi.wal;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Positions in a write-ahead log, as PostgreSQL writes them: {@code 0/3000028}. */
public final class Lsn {
  private static final Pattern FORM = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

  /** Of pages of the log, as in {@code access/xlog_internal.h}. */
  private static final int PAGE = 8192;

  private static final int SHORT_HEADER = 24;
  private static final int LONG_HEADER = 40;

  private Lsn() {}

  /** Empty if that is no position. */
  public static Optional<Long> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            (Long.parseLong(matcher.group(1), 16) << 32) | Long.parseLong(matcher.group(2), 16))
        : Optional.empty();
  }

  /**
   * Where the records before a position end. Of the beginning of a page a server tells two
   * positions: that, and the one behind the page's header, where the next record is going to begin
   * ({@code pg_current_wal_insert_lsn()} after {@code pg_switch_wal()}). No record lies between.
   *
   * @param segmentSize as the first page of a segment has a longer header
   */
  public static long endOfRecords(long position, int segmentSize) {
    int header = position % segmentSize < PAGE ? LONG_HEADER : SHORT_HEADER;
    return position % PAGE == header ? position - header : position;
  }

  public static String format(long lsn) {
    return String.format(Locale.ROOT, "%X/%X", lsn >>> 32, lsn & 0xFFFFFFFFL);
  }
}
