package io.keepset.source;

import java.util.Locale;
import java.util.Set;

/** Plain words that this or an older reader of YAML takes for something other than text. */
final class YamlWords {
  private static final Set<String> WORDS =
      Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n", "~");

  private YamlWords() {}

  /** Also all that begins like a number: dates, times, octal and sexagesimal of YAML 1.1. */
  static boolean isSpecial(String text) {
    char first = text.charAt(0);
    if (first >= '0' && first <= '9') {
      return text.chars().allMatch(c -> "0123456789_.+-eExXoObBaAcCdDfF:".indexOf(c) >= 0);
    }
    return WORDS.contains(text.toLowerCase(Locale.ROOT));
  }
}
