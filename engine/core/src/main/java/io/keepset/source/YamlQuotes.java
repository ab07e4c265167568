package io.keepset.source;

/** When text in YAML needs quotes, and which. */
final class YamlQuotes {
  /** A longer key can't stand before a colon; the limit of YAML is 1024. */
  static final int LONGEST_KEY = 1000;

  private static final String PLAIN = "_-./+=@%$~()^;";

  private YamlQuotes() {}

  /** Plain if every reader takes it for the same text, else in double quotes, in one line. */
  static String quote(String text) {
    return isPlain(text) ? text : doubleQuoted(text);
  }

  /** True for text of several lines that can stand as it is below a {@code |}. */
  static boolean fitsBlock(String text) {
    int lines = 0;
    boolean lineStart = true;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\n') {
        lines++;
      } else if (!isPrintable(c) || (lineStart && (c == ' ' || c == '\t'))) {
        return false; // an indented line would need an indentation mark when it is the first
      }
      lineStart = c == '\n';
    }
    return lines > 1
        && text.charAt(0) != '\n'
        && text.endsWith("\n")
        && text.charAt(text.length() - 2) != '\n';
  }

  private static boolean isPlain(String text) {
    if (text.isEmpty() || !beginsPlain(text.codePointAt(0)) || text.endsWith(" ")) {
      return false;
    }
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (!isWordCharacter(c) && PLAIN.indexOf(c) < 0 && !(c == ' ' && isWordAfter(text, i))) {
        return c == ':' && i < text.length() && isWordAfter(text, i) && isPlainAddress(text);
      }
    }
    return !YamlWords.isSpecial(text);
  }

  /** An address such as {@code https://a.example/x}: a colon in the middle of a word is text. */
  private static boolean isPlainAddress(String text) {
    int colon = text.indexOf("://");
    return colon > 0
        && text.indexOf(':', colon + 1) < 0
        && text.chars().allMatch(c -> c < 128 && (isWordCharacter(c) || "_-./:".indexOf(c) >= 0))
        && Character.isLetter(text.charAt(0));
  }

  private static boolean isWordAfter(String text, int i) {
    return i < text.length() && (isWordCharacter(text.codePointAt(i)) || text.charAt(i) == '/');
  }

  private static boolean beginsPlain(int c) {
    return c == '/' || isWordCharacter(c);
  }

  private static boolean isWordCharacter(int c) {
    return c == '_' || (Character.isLetterOrDigit(c) && isPrintable(c));
  }

  private static String doubleQuoted(String text) {
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
        default -> {
          if (isPrintable(c)) {
            out.appendCodePoint(c);
          } else if (c > 0xFFFF) {
            out.append(String.format("\\U%08X", c));
          } else {
            out.append(String.format("\\u%04X", c));
          }
        }
      }
    }
    return out.append('"').toString();
  }

  /** May stand in a YAML file as it is, and is seen there. */
  private static boolean isPrintable(int c) {
    return Words.visible(c) && c != 0xFEFF && c != 0xFFFE && c != 0xFFFF;
  }
}
