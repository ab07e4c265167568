package io.keepset.diagnostic;

/**
 * The line that a diagnostic is about, made safe to print, and the mark below it.
 *
 * @param line the text of the line; tabs are blanks, what would move a cursor or can't be seen is
 *     U+FFFD, and of a very long line only the part around the column is left, with an ellipsis at
 *     each cut
 * @param caret blanks and a {@code ^} that stands below the column when both are printed in a
 *     terminal
 */
public record Excerpt(String line, String caret) {
  private static final int MOST = 100;
  private static final int BEFORE = 60;

  /**
   * The excerpt for a place in a text, whose lines end in LF, CR LF or CR. A place that is not in
   * the text gives the nearest one that is.
   */
  public static Excerpt of(String text, int line, int column) {
    int start = lineStart(text, line);
    int caret = Math.min(column - 1, text.codePointCount(start, lineEnd(text, start)));
    int from = Math.max(0, caret - BEFORE);
    StringBuilder shown = new StringBuilder(from > 0 ? "…" : "");
    int blanks = from > 0 ? 1 : 0;
    int offset = text.offsetByCodePoints(start, from);
    int end = lineEnd(text, offset);
    for (int i = from; offset < end; i++) {
      if (i - from == MOST) {
        shown.append('…');
        break;
      }
      int c = text.codePointAt(offset);
      offset += Character.charCount(c);
      int safe = c == '\t' ? ' ' : isSafe(c) ? c : 0xFFFD;
      shown.appendCodePoint(safe);
      if (i < caret) {
        blanks += width(safe);
      }
    }
    return new Excerpt(shown.toString().stripTrailing(), " ".repeat(blanks) + "^");
  }

  private static int lineStart(String text, int line) {
    int start = 0;
    for (int i = 0, n = 1; i < text.length() && n < line; i++) {
      char c = text.charAt(i);
      if (c == '\n' || (c == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n'))) {
        start = i + 1;
        n++;
      }
    }
    return start;
  }

  private static int lineEnd(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) != '\n' && text.charAt(i) != '\r') {
      i++;
    }
    return i;
  }

  /**
   * Neither a control character, half a pair, a line break of some kind nor a mark of direction.
   */
  private static boolean isSafe(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** Columns that a terminal gives to a character: 0 for marks, 2 for East Asian and emoji. */
  private static int width(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    boolean wide =
        (c >= 0x1100 && c <= 0x115F)
            || (c >= 0x2E80 && c <= 0xA4CF)
            || (c >= 0xAC00 && c <= 0xD7A3)
            || (c >= 0xF900 && c <= 0xFAFF)
            || (c >= 0xFE30 && c <= 0xFE6F)
            || (c >= 0xFF00 && c <= 0xFF60)
            || (c >= 0xFFE0 && c <= 0xFFE6)
            || (c >= 0x1F300 && c <= 0x1FAFF)
            || (c >= 0x20000 && c <= 0x3FFFD);
    return wide ? 2 : 1;
  }
}
