package io.keepset.plan;

import java.util.List;

/** Lists in sentences. */
final class Names {
  private static final int SHOWN = 3;

  private Names() {}

  /** {@code a}, {@code a and b}, {@code a, b, c and 4 more}. */
  static String some(List<String> names) {
    int shown = Math.min(names.size(), SHOWN);
    if (names.size() > shown) {
      return String.join(", ", names.subList(0, shown))
          + " and "
          + (names.size() - shown)
          + " more";
    }
    return shown < 2
        ? String.join("", names)
        : String.join(", ", names.subList(0, shown - 1)) + " and " + names.get(shown - 1);
  }
}
