package io.keepset.policy;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One of the five fields of a cron expression: what it may hold, and how it is read. */
enum CronField {
  MINUTE("minute", 0, 59, ""),
  HOUR("hour", 0, 23, ""),
  DAY_OF_MONTH("day of month", 1, 31, ""),
  MONTH("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
  /** 0 and 7 are both Sunday. */
  DAY_OF_WEEK("day of week", 0, 7, "sun mon tue wed thu fri sat");

  private static final int SUNDAY = 7;

  private final String words;
  private final int min;
  private final int max;

  /** Words for the values, from the smallest on, three letters each. */
  private final String names;

  CronField(String words, int min, int max, String names) {
    this.words = words;
    this.min = min;
    this.max = max;
    this.names = names;
  }

  String words() {
    return words;
  }

  /** Says what the field may hold: {@code 1-12 or jan-dec}. */
  String allowed() {
    String numbers = min + "-" + max;
    return names.isEmpty()
        ? numbers
        : numbers + " or " + names.substring(0, 3) + "-" + names.substring(names.length() - 3);
  }

  /**
   * The values that a field matches, as bits. Sunday is bit 0 only.
   *
   * @throws Mistake naming the field, what is allowed and what was found
   */
  long read(String text) throws Mistake {
    long bits = 0;
    for (String part : text.split(",", -1)) {
      bits |= readPart(part);
    }
    if (this == DAY_OF_WEEK && (bits & (1L << SUNDAY)) != 0) {
      bits = (bits & ~(1L << SUNDAY)) | 1L;
    }
    return bits;
  }

  private long readPart(String part) throws Mistake {
    int slash = part.indexOf('/');
    String range = slash < 0 ? part : part.substring(0, slash);
    int from;
    int to;
    int dash = range.indexOf('-', 1);
    if (range.equals("*")) {
      from = min;
      to = max;
    } else if (dash >= 0) {
      from = value(range.substring(0, dash), part);
      to = value(range.substring(dash + 1), part);
      if (this == DAY_OF_WEEK && to == 0 && from > 0) {
        to = SUNDAY;
      }
    } else {
      from = value(range, part);
      to = from;
      if (slash >= 0) {
        throw new Mistake(
            "cron field " + words + " takes a step only after * or a range, found \"" + part + "\"",
            "write " + range + "-" + max + part.substring(slash));
      }
    }
    if (from > to) {
      throw new Mistake(
          "cron field " + words + " allows ranges from low to high, found \"" + part + "\"",
          "split it: " + range.substring(0, dash) + "-" + max + "," + min + range.substring(dash));
    }
    int step = slash < 0 ? 1 : step(part.substring(slash + 1), part);
    long bits = 0;
    for (int v = from; v <= to; v += step) {
      bits |= 1L << v;
    }
    return bits;
  }

  private int value(String text, String part) throws Mistake {
    int name = List.of(names.split(" ")).indexOf(text.toLowerCase(Locale.ROOT));
    if (name >= 0 && !text.isEmpty()) {
      return name + (this == MONTH ? 1 : 0);
    }
    int number = number(text);
    if (number < min || number > max) {
      throw new Mistake(
          "cron field " + words + " allows " + allowed() + ", found \"" + part + "\"",
          foreign(part));
    }
    return number;
  }

  private int step(String text, String part) throws Mistake {
    int step = number(text);
    if (step < 1 || step > max) {
      throw new Mistake(
          "cron field " + words + " allows steps of 1-" + max + ", found \"" + part + "\"", null);
    }
    return step;
  }

  /** The number, or -1 if it is none that a field could hold. */
  private static int number(String text) {
    boolean digits = !text.isEmpty() && text.length() <= 4;
    for (int i = 0; i < text.length() && digits; i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return digits ? Integer.parseInt(text) : -1;
  }

  private static @Nullable String foreign(String part) {
    return part.matches(".*[?LW#H~].*")
        ? "? L W # H and ~ belong to other dialects of cron; use numbers, names, *, lists, ranges"
            + " and steps"
        : null;
  }

  /** What is wrong with a field, and perhaps what to write. */
  static final class Mistake extends Exception {
    private static final long serialVersionUID = 1;
    private final @Nullable String hint;

    Mistake(String message, @Nullable String hint) {
      super(message, null, false, false);
      this.hint = hint;
    }

    String message() {
      return Objects.requireNonNull(getMessage());
    }

    @Nullable String hint() {
      return hint;
    }
  }
}
