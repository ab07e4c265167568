package io.keepset.diagnostic;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Diagnostics for people, each with the line it is about, a caret and a hint:
 *
 * <pre>
 * policies/orders.yaml:5:14: error: daily must be 0 or more, was -1 [retention.range]
 *   5 |   daily: -1
 *     |          ^
 *   hint: leave daily out to keep no daily backups
 * </pre>
 *
 * <p>Excerpts never show what may be a secret, and nothing printed reaches the terminal as a
 * control character.
 */
public final class DiagnosticText {
  private final Function<String, Optional<String>> textOf;
  private final boolean colour;

  /**
   * @param textOf the text of a file by its path; empty leaves the excerpt out
   * @param colour whether to mark words with ANSI colours
   */
  public DiagnosticText(Function<String, Optional<String>> textOf, boolean colour) {
    this.textOf = textOf;
    this.colour = colour;
  }

  /** All of them, each ended by a line break. */
  public String print(List<Diagnostic> diagnostics) {
    SecretMask mask = new SecretMask(diagnostics);
    Excerpts excerpts = new Excerpts(textOf);
    StringBuilder out = new StringBuilder();
    for (Diagnostic diagnostic : diagnostics) {
      head(diagnostic, out);
      if (diagnostic.at() != null) {
        Location at = diagnostic.at();
        excerpts.line(at).ifPresent(line -> excerpt(at, mask.hide(at, line), out));
      }
      if (diagnostic.hint() != null) {
        out.append("  ").append(paint("hint:", "36")).append(' ');
        out.append(visible(diagnostic.hint())).append('\n');
      }
    }
    return out.toString();
  }

  /** {@code 2 errors, 1 warning}; empty if there is none of either. */
  public static String summary(List<Diagnostic> diagnostics) {
    StringBuilder out = new StringBuilder();
    for (Severity severity : new Severity[] {Severity.ERROR, Severity.WARNING}) {
      long count = diagnostics.stream().filter(d -> d.severity() == severity).count();
      if (count > 0) {
        out.append(out.isEmpty() ? "" : ", ").append(count).append(' ').append(severity.word());
        out.append(count == 1 ? "" : "s");
      }
    }
    return out.toString();
  }

  private void head(Diagnostic diagnostic, StringBuilder out) {
    if (diagnostic.at() != null) {
      out.append(visible(diagnostic.at().toString())).append(": ");
    }
    String tone =
        switch (diagnostic.severity()) {
          case ERROR -> "1;31";
          case WARNING -> "1;33";
          case NOTE -> "1;34";
        };
    out.append(paint(diagnostic.severity().word() + ":", tone)).append(' ');
    out.append(visible(diagnostic.message()));
    out.append(" [").append(diagnostic.code()).append("]\n");
  }

  private void excerpt(Location at, String line, StringBuilder out) {
    Excerpt excerpt = Excerpt.of(line, 1, at.column());
    String number = String.valueOf(at.line());
    out.append("  ").append(number).append(" | ").append(excerpt.line()).append('\n');
    out.append("  ").append(" ".repeat(number.length())).append(" | ");
    String blanks = excerpt.caret().substring(0, excerpt.caret().length() - 1);
    out.append(blanks).append(paint("^", "1;32")).append('\n');
  }

  private String paint(String text, String tone) {
    return colour ? "\u001b[" + tone + "m" + text + "\u001b[0m" : text;
  }

  /** One character in, one out: control and direction marks become a visible stand-in. */
  static String visible(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\t') {
                out.append(' ');
              } else if (isInvisible(c)) {
                out.append('\ufffd');
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private static boolean isInvisible(int c) {
    return Character.isISOControl(c)
        || Character.getType(c) == Character.FORMAT
        || Character.getType(c) == Character.SURROGATE
        || c == 0x2028
        || c == 0x2029;
  }
}
