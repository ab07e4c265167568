package io.keepset.policy;

import io.keepset.source.ScalarNode;
import java.util.regex.Pattern;

/** Found values as messages show them: in quotes if they are text, and never long. */
final class Quote {
  private static final int LONGEST = 60;

  /** User and password in an address. */
  private static final Pattern IN_ADDRESS = Pattern.compile("://[^/\\s@]+(@|…$)");

  private Quote() {}

  static String text(String text) {
    int[] points = text.codePoints().limit(LONGEST + 1L).toArray();
    String shown = points.length > LONGEST ? new String(points, 0, LONGEST - 1) + "…" : text;
    shown = IN_ADDRESS.matcher(shown).replaceAll("://***@");
    return '"' + shown.replace("\n", "\\n").replace("\"", "\\\"") + '"';
  }

  static String value(ScalarNode scalar) {
    return scalar.value() instanceof String text ? text(text) : scalar.text();
  }
}
