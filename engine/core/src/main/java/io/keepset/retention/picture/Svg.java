package io.keepset.retention.picture;

/** Writes SVG: everything that is text is escaped, every number has one decimal at most. */
final class Svg {
  private final StringBuilder out = new StringBuilder();

  /** Markup of our own. */
  Svg raw(String markup) {
    out.append(markup);
    return this;
  }

  Svg line(String markup) {
    out.append(markup).append('\n');
    return this;
  }

  /** A {@code <text>} of a class at a place. */
  Svg text(String style, double x, double y, String content) {
    return raw("<text class=\"" + style + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\">")
        .line(escaped(content) + "</text>");
  }

  /** What is read out and shown when the pointer rests on the element around it. */
  static String title(String content) {
    return "<title>" + escaped(content) + "</title>";
  }

  static String number(double value) {
    long tenths = Math.round(value * 10);
    String sign = tenths < 0 ? "-" : "";
    long whole = Math.abs(tenths) / 10;
    long rest = Math.abs(tenths) % 10;
    return sign + whole + (rest == 0 ? "" : "." + rest);
  }

  static String escaped(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '&' -> safe.append("&amp;");
                case '"' -> safe.append("&quot;");
                default -> safe.appendCodePoint(allowed(c) ? c : 0xFFFD);
              }
            });
    return safe.toString();
  }

  /** In XML most control characters can't even be escaped. */
  private static boolean allowed(int c) {
    return c >= 0x20
        && !(c >= 0x7F && c <= 0x9F)
        && Character.getType(c) != Character.SURROGATE
        && Character.getType(c) != Character.FORMAT
        && c != 0xFFFE
        && c != 0xFFFF;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
