package io.keepset.source;

import java.util.Locale;

/** Pieces of what an author wrote, made safe and short enough for a one-line message. */
final class Words {
  private static final int MOST = 60;

  private Words() {}

  /** In backticks, cut after sixty characters, with nothing in it that moves a cursor. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder("`");
    int count = 0;
    for (int i = 0; i < text.length(); ) {
      if (count++ == MOST) {
        return out.append("…`").toString();
      }
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (visible(c)) {
        out.appendCodePoint(c);
      } else {
        out.append(name(c));
      }
    }
    return out.append('`').toString();
  }

  /** {@code U+0007}. */
  static String name(int codePoint) {
    return String.format(Locale.ROOT, "U+%04X", codePoint);
  }

  /** A character for a message: {@code "x"} or, when it can't be seen, {@code U+0007}. */
  static String character(int codePoint) {
    return visible(codePoint) && codePoint != ' '
        ? "\"" + Character.toString(codePoint) + "\""
        : codePoint == ' ' ? "a blank" : name(codePoint);
  }

  /** Neither a control character nor half a pair nor a mark that turns the direction of text. */
  static boolean visible(int c) {
    return !Character.isISOControl(c) && !isSurrogate(c) && !turnsDirection(c) && !breaksLine(c);
  }

  static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  /** Bidirectional controls: with them a reviewer sees another order than the reader does. */
  static boolean turnsDirection(int c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  }

  /** Line breaks that only some editors take for one. */
  static boolean breaksLine(int c) {
    return c == 0x2028 || c == 0x2029;
  }
}
