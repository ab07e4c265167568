package io.keepset.plan;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/** Sizes, ages and times as people read them in plans and reports. */
public final class Figures {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
  private static final DateTimeFormatter TIME_WITH_OFFSET =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm xxx", Locale.ROOT);
  private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

  private Figures() {}

  /** {@code 8.4 GB}; units of 1000, as disks and bills count. */
  public static String size(long bytes) {
    if (bytes < 1000) {
      return bytes + " bytes";
    }
    double value = bytes;
    int unit = -1;
    // 999.95 would print as 1000.0
    while (value >= 999.95 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    long tenths = Math.round(value * 10);
    return tenths / 10 + "." + tenths % 10 + " " + UNITS[unit];
  }

  /** Whole units, rounded down: {@code 30 d}, {@code 5 h}, {@code 12 min}, {@code 40 s}. */
  public static String age(Duration age) {
    if (age.toDays() > 0) {
      return age.toDays() + " d";
    }
    if (age.toHours() > 0) {
      return age.toHours() + " h";
    }
    return age.toMinutes() > 0 ? age.toMinutes() + " min" : age.toSeconds() + " s";
  }

  /** Exact, in the largest unit that is: {@code 3 days}, {@code 1 day}, {@code 36 hours}. */
  public static String period(Duration period) {
    long seconds = period.toSeconds();
    if (seconds % 86_400 == 0) {
      return count(seconds / 86_400, "day");
    }
    if (seconds % 3_600 == 0) {
      return count(seconds / 3_600, "hour");
    }
    return seconds % 60 == 0 ? count(seconds / 60, "minute") : count(seconds, "second");
  }

  /** {@code 1 backup}, {@code 2 backups}. */
  public static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** {@code 1 copy}, {@code 2 copies}. */
  static String count(long count, String one, String several) {
    return count + " " + (count == 1 ? one : several);
  }

  /** {@code 2026-11-14 02:07}, on the clocks of that zone. */
  public static String time(Instant time, ZoneId zone) {
    return TIME.format(time.atZone(zone));
  }

  /** {@code 2026-11-14 02:07 +01:00}. */
  public static String timeWithOffset(ZonedDateTime time) {
    return TIME_WITH_OFFSET.format(time);
  }

  /**
   * The text on one line and without control characters, so that what somebody wrote into a file or
   * called a database on a platform can't move a terminal's cursor.
   */
  public static String plain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isControl(text.charAt(i))) {
        return escaped(text);
      }
    }
    return text;
  }

  private static String escaped(String text) {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        result.append("\\n");
      } else if (c == '\t') {
        result.append("\\t");
      } else if (isControl(c)) {
        result.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        result.append(c);
      }
    }
    return result.toString();
  }

  /** Control characters, and the marks that turn the direction of text around. */
  private static boolean isControl(char c) {
    return c < ' '
        || (c >= 0x7f && c <= 0x9f)
        || (c >= 0x200e && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }
}
