package io.keepset.source;

import java.util.ArrayList;
import java.util.List;

/** Reads text in quotes and heredocs, with their escapes. */
final class HclStrings {
  /** What a string means and the char offset after it. */
  record Read(String value, int end) {}

  private final SourceText source;
  private final String text;
  private final Problems problems;

  /** Up to here no expression in text is closed: looked for once, not once an opening brace. */
  private int unclosedUpTo;

  /** The line that was last asked for the end of. */
  private int knownStart;

  private int knownEnd = -1;

  HclStrings(SourceText source, Problems problems) {
    this.source = source;
    this.text = source.text();
    this.problems = problems;
  }

  /** Reads from an opening quote to the closing one, at most to the end of the line. */
  Read quoted(int start) {
    StringBuilder value = new StringBuilder();
    int lineEnd = lineEnd(start);
    int i = start + 1;
    while (i < lineEnd) {
      char c = text.charAt(i);
      if (c == '"') {
        return new Read(value.toString(), i + 1);
      } else if (c == '\\') {
        i = escape(i, value);
      } else if (c == '$' || c == '%') {
        i = templateMark(i, lineEnd, value);
      } else {
        value.append(c);
        i++;
      }
    }
    problems.addBreaking(
        HclMistakes.syntax("the quote that begins here is not closed on its line", source.at(start))
            .withHint("close it; for text of several lines write a heredoc: <<EOT"));
    return new Read(value.toString(), i);
  }

  /** The end of the line, looked for once a line, not once a string. */
  private int lineEnd(int from) {
    if (from < knownStart || from > knownEnd) {
      knownStart = from;
      knownEnd = HclLexer.lineEnd(text, from);
    }
    return knownEnd;
  }

  private int escape(int backslash, StringBuilder value) {
    int next = backslash + 1;
    char c = next < text.length() ? text.charAt(next) : '\n';
    int simple = "nrt\"\\".indexOf(c);
    if (simple >= 0) {
      value.append("\n\r\t\"\\".charAt(simple));
      return next + 1;
    }
    if (c == 'u' || c == 'U') {
      int end = next + 1 + (c == 'u' ? 4 : 8);
      int point = end <= text.length() ? hex(text.substring(next + 1, end)) : -1;
      if (point >= 0 && Character.isValidCodePoint(point)) {
        value.appendCodePoint(point);
        return end;
      }
      problems.addBreaking(
          HclMistakes.syntax(
                  c == 'u'
                      ? "\\u is followed by exactly four hexadecimal digits"
                      : "\\U is followed by the eight hexadecimal digits of a character",
                  source.at(backslash))
              .withHint("write \\\\ for a backslash"));
      return next + 1;
    }
    problems.addBreaking(
        HclMistakes.syntax(
                "no such escape" + (HclLexer.isNewline(c) ? "" : ": \\" + Words.quote("" + c)),
                source.at(backslash))
            .withHint(
                "write \\\\ for a backslash; there are \\n \\r \\t \\\" \\\\ \\uXXXX \\UXXXXXXXX"));
    return next;
  }

  private static int hex(String digits) {
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) < 128 ? Character.digit(digits.charAt(i), 16) : -1;
      if (digit < 0 || value > 0x10FFFF) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  /**
   * At a dollar or percent sign: doubled before a brace it is text, alone it begins an expression.
   */
  private int templateMark(int at, int end, StringBuilder value) {
    char mark = text.charAt(at);
    boolean doubled = at + 2 < end && text.charAt(at + 1) == mark && text.charAt(at + 2) == '{';
    if (doubled) {
      value.append(mark).append('{');
      return at + 3;
    }
    if (at + 1 >= end || text.charAt(at + 1) != '{') {
      value.append(mark);
      return at + 1;
    }
    String what = mark == '$' ? "an interpolation (${ })" : "a template directive (%{ })";
    problems.addBreaking(
        HclMistakes.expression(what, source.at(at))
            .withHint("write " + mark + mark + "{ if the text itself holds " + mark + "{"));
    return templateEnd(at + 2, end);
  }

  /** After the brace that closes an expression in text, so that the rest can still be read. */
  private int templateEnd(int from, int end) {
    int open = 1;
    for (int i = Math.max(from, unclosedUpTo); i < end; i++) {
      char c = text.charAt(i);
      if (c == '{') {
        open++;
      } else if (c == '}' && --open == 0) {
        return i + 1;
      }
    }
    // Never closed: what follows is read as text, up to the quote that ends it.
    unclosedUpTo = Math.max(end, unclosedUpTo);
    return from;
  }

  /** True if an identifier and the end of the line follow. */
  boolean beginsHeredoc(int start) {
    int name = start + (text.startsWith("<<-", start) ? 3 : 2);
    return name < text.length() && HclLexer.isIdentifierStart(text.codePointAt(name));
  }

  /** Reads from {@code <<} up to and without the line end after the closing marker. */
  Read heredoc(int start) {
    boolean indented = text.startsWith("<<-", start);
    int name = start + (indented ? 3 : 2);
    int nameEnd = HclLexer.identifierEnd(text, name);
    String marker = text.substring(name, nameEnd);
    int line = HclLexer.lineEnd(text, nameEnd);
    if (!text.substring(nameEnd, line).isBlank()) {
      problems.addBreaking(
          HclMistakes.syntax("the line ends after a heredoc's marker", source.at(nameEnd))
              .withHint("put the text on the lines below"));
    }
    List<String> lines = new ArrayList<>();
    while (line < text.length()) {
      int begin = line + (text.startsWith("\r\n", line) ? 2 : 1);
      int end = HclLexer.lineEnd(text, begin);
      int content = begin;
      while (content < end && (text.charAt(content) == ' ' || text.charAt(content) == '\t')) {
        content++;
      }
      if (text.startsWith(marker, content) && text.substring(content, end).strip().equals(marker)) {
        return new Read(join(indented ? withoutIndent(lines) : lines), content + marker.length());
      }
      lines.add(templateLine(begin, end));
      line = end;
    }
    problems.addBreaking(
        HclMistakes.syntax("the heredoc that begins here is never closed", source.at(start))
            .withHint("put " + marker + " alone on the line after the text"));
    return new Read(join(lines), text.length());
  }

  private String templateLine(int begin, int end) {
    StringBuilder value = new StringBuilder();
    for (int i = begin; i < end; ) {
      char c = text.charAt(i);
      if (c == '$' || c == '%') {
        i = templateMark(i, end, value);
      } else {
        value.append(c);
        i++;
      }
    }
    return value.toString();
  }

  private static List<String> withoutIndent(List<String> lines) {
    int least = Integer.MAX_VALUE;
    for (String line : lines) {
      if (!line.isBlank()) {
        least = Math.min(least, line.length() - line.stripLeading().length());
      }
    }
    int cut = least;
    return lines.stream().map(line -> line.substring(Math.min(cut, line.length()))).toList();
  }

  private static String join(List<String> lines) {
    StringBuilder value = new StringBuilder();
    lines.forEach(line -> value.append(line).append('\n'));
    return value.toString();
  }
}
