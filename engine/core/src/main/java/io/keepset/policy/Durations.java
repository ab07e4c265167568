package io.keepset.policy;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations in the words of the policy language: {@code 90s 30m 26h 7d 4w}. A day has 24 hours. */
public final class Durations {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(s|m|h|d|w)");
  private static final Pattern CALENDAR =
      Pattern.compile("[0-9]+ *(mo|mon|months?|y|yr|years?)", Pattern.CASE_INSENSITIVE);

  private Durations() {}

  public static Optional<Duration> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    return Optional.of(Duration.ofSeconds(count * seconds(matcher.group(2).charAt(0))));
  }

  private static long seconds(char unit) {
    return switch (unit) {
      case 's' -> 1;
      case 'm' -> 60;
      case 'h' -> 3_600;
      case 'd' -> 86_400;
      case 'w' -> 604_800;
      default -> throw new IllegalStateException("unit " + unit);
    };
  }

  /** In the largest unit up to days that needs no fraction; fractions of a second are cut. */
  public static String format(Duration duration) {
    long all = duration.toSeconds();
    for (char unit : new char[] {'d', 'h', 'm'}) {
      if (all != 0 && all % seconds(unit) == 0) {
        return all / seconds(unit) + String.valueOf(unit);
      }
    }
    return all + "s";
  }

  /** What to write instead of a text that is no duration. */
  static String hint(String text) {
    if (CALENDAR.matcher(text).matches()) {
      return "months and years differ in length; say days (30d), or use a tier such as"
          + " retention.monthly";
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.matches("-.*")) {
      return "durations are never negative";
    }
    if (lower.matches("[0-9]+")) {
      return "add a unit: "
          + lower
          + "m for minutes, "
          + lower
          + "h for hours, "
          + lower
          + "d for"
          + " days";
    }
    if (lower.matches("[0-9]{10,}[smhdw]")) {
      return "the largest number is 999999999, such as 999999999s";
    }
    return "write a whole number and one unit: 90s, 30m, 26h, 7d or 4w";
  }
}
