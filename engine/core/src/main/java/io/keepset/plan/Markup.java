package io.keepset.plan;

/** Text from files and platforms as it may stand in a comment. */
final class Markup {
  private static final int VALUE_SHOWN = 80;

  private Markup() {}

  static String code(String text) {
    return "<code>" + escaped(cut(text)) + "</code>";
  }

  static String cut(String text) {
    if (text.length() <= VALUE_SHOWN) {
      return text;
    }
    boolean splitsPair = Character.isHighSurrogate(text.charAt(VALUE_SHOWN - 1));
    return text.substring(0, VALUE_SHOWN - (splitsPair ? 1 : 0)) + "…";
  }

  /** So that nothing from a file or a platform is markup, a link or somebody's name to notify. */
  static String escaped(String text) {
    String plain = Figures.plain(text);
    StringBuilder result = new StringBuilder(plain.length() + 16);
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if ("&<>\"`*_[]|\\~#@".indexOf(c) >= 0) {
        result.append("&#").append((int) c).append(';');
      } else {
        result.append(c);
      }
    }
    return result.toString();
  }
}
