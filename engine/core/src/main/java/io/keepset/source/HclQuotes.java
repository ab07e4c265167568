package io.keepset.source;

import java.util.Locale;

/** Text as it stands in HCL. */
final class HclQuotes {
  private HclQuotes() {}

  /** A key of a value in braces. */
  static String key(String key) {
    // A brace and the word for would begin a for expression.
    return HclLexer.isIdentifier(key) && !key.equals("for") ? key : quote(key);
  }

  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '$', '%' ->
            out.appendCodePoint(c).append(opensBrace(text, i) ? Character.toString(c) : "");
        default -> {
          if (Words.visible(c) && c != 0xFEFF) {
            out.appendCodePoint(c);
          } else {
            out.append(String.format(Locale.ROOT, c > 0xFFFF ? "\\U%08X" : "\\u%04X", c));
          }
        }
      }
    }
    return out.append('"').toString();
  }

  /** True for text of several lines that can be read as it stands. */
  static boolean fitsHeredoc(String text) {
    int lines = 0;
    boolean lineStart = true;
    boolean indented = true;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\n') {
        lines++;
      } else if ((!Words.visible(c) && c != '\t') || c == 0xFEFF) {
        return false;
      } else if (lineStart) {
        indented &= c == ' ' || c == '\t';
      }
      lineStart = c == '\n';
    }
    // Blank lines of blanks and an indentation of all lines would be lost with the indentation.
    return lines > 1
        && text.endsWith("\n")
        && !indented
        && text.lines().noneMatch(line -> !line.isEmpty() && line.isBlank());
  }

  /** A closing marker that is not a line of the text. */
  static String marker(String text) {
    String marker = "EOT";
    while (text.contains(marker)) {
      marker += "_";
    }
    return marker;
  }

  /** A line of a heredoc, where only the opening of expressions has an escape. */
  static String templateSafe(String line) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      out.append(c);
      if ((c == '$' || c == '%') && opensBrace(line, i + 1)) {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static boolean opensBrace(String text, int i) {
    return i < text.length() && text.charAt(i) == '{';
  }
}
