package io.keepset.spi.wal;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Positions in a write-ahead log, as PostgreSQL writes them: {@code 0/3000028}. */
public final class Lsn {
  private static final Pattern FORM = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

  private Lsn() {}

  /** Empty if that is no position. */
  public static Optional<Long> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            (Long.parseLong(matcher.group(1), 16) << 32) | Long.parseLong(matcher.group(2), 16))
        : Optional.empty();
  }

  public static String format(long lsn) {
    return String.format(Locale.ROOT, "%X/%X", lsn >>> 32, lsn & 0xFFFFFFFFL);
  }
}
