package io.keepset.source;

import io.keepset.diagnostic.Location;
import java.util.ArrayList;
import java.util.List;

/** Cuts HCL into tokens, one at a time, and keeps the comments that it passes. */
final class HclLexer {
  private static final List<String> LONG_SYMBOLS =
      List.of("...", "==", "!=", "<=", ">=", "=>", "&&", "||");

  private final SourceText source;
  private final String text;
  private final HclStrings strings;
  private final Problems problems;
  private final List<Comment> comments = new ArrayList<>();
  private int next;

  HclLexer(SourceText source, Problems problems) {
    this.source = source;
    this.text = source.text();
    this.problems = problems;
    this.strings = new HclStrings(source, problems);
  }

  /** Comments passed so far, in the order of the file. */
  List<Comment> comments() {
    return comments;
  }

  HclToken next() {
    skipBlanksAndComments();
    if (next >= text.length()) {
      return token(HclToken.Kind.END, next);
    }
    int start = next;
    int c = text.codePointAt(start);
    if (isNewline(c)) {
      int width = c == '\r' && start + 1 < text.length() && text.charAt(start + 1) == '\n' ? 2 : 1;
      return token(HclToken.Kind.NEWLINE, start + width);
    }
    if (c == '"') {
      return string(strings.quoted(start));
    }
    if (text.startsWith("<<", start) && strings.beginsHeredoc(start)) {
      return string(strings.heredoc(start));
    }
    if (isDigit(c)) {
      return token(HclToken.Kind.NUMBER, numberEnd(start));
    }
    if (isIdentifierStart(c)) {
      return token(HclToken.Kind.IDENTIFIER, identifierEnd(text, start));
    }
    for (String symbol : LONG_SYMBOLS) {
      if (text.startsWith(symbol, start)) {
        return token(HclToken.Kind.SYMBOL, start + symbol.length());
      }
    }
    return token(HclToken.Kind.SYMBOL, start + Character.charCount(c));
  }

  private HclToken token(HclToken.Kind kind, int end) {
    HclToken token = new HclToken(kind, next, end, text.substring(next, end));
    next = end;
    return token;
  }

  private HclToken string(HclStrings.Read read) {
    HclToken token = new HclToken(HclToken.Kind.STRING, next, read.end(), read.value());
    next = read.end();
    return token;
  }

  private void skipBlanksAndComments() {
    while (next < text.length()) {
      char c = text.charAt(next);
      if (c == ' ' || c == '\t') {
        next++;
      } else if (c == '#') {
        lineComment(1);
      } else if (text.startsWith("//", next)) {
        lineComment(2);
      } else if (text.startsWith("/*", next)) {
        blockComment();
      } else {
        return;
      }
    }
  }

  private void lineComment(int mark) {
    int end = lineEnd(text, next);
    String body = Comment.body(text.substring(next + mark, end));
    comments.add(new Comment(source.at(next), body, isAlone(next)));
    next = end;
  }

  private void blockComment() {
    Location at = source.at(next);
    int close = text.indexOf("*/", next + 2);
    int end = close < 0 ? text.length() : close;
    if (close < 0) {
      problems.addBreaking(
          HclMistakes.syntax("the comment that begins here is never closed", at)
              .withHint("close it with */"));
    }
    boolean alone = isAlone(next);
    boolean first = true;
    for (String line : text.substring(next + 2, end).lines().toList()) {
      String stripped = first ? line : line.stripLeading();
      String body = !first && stripped.startsWith("*") ? stripped.substring(1) : stripped;
      first = false;
      if (!body.isBlank()) {
        comments.add(new Comment(at, Comment.body(body), alone));
      }
    }
    next = close < 0 ? text.length() : close + 2;
  }

  private boolean isAlone(int offset) {
    int i = offset - 1;
    while (i >= 0 && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
      i--;
    }
    return i < 0 || isNewline(text.charAt(i));
  }

  private int numberEnd(int start) {
    int i = digitsEnd(start);
    if (i + 1 < text.length() && text.charAt(i) == '.' && isDigit(text.charAt(i + 1))) {
      i = digitsEnd(i + 1);
    }
    if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      int exponent = i + 1;
      if (exponent < text.length() && "+-".indexOf(text.charAt(exponent)) >= 0) {
        exponent++;
      }
      if (exponent < text.length() && isDigit(text.charAt(exponent))) {
        i = digitsEnd(exponent);
      }
    }
    return i;
  }

  private int digitsEnd(int start) {
    int i = start;
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  static int identifierEnd(String text, int start) {
    int i = start;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (c != '-'
          && (!Character.isUnicodeIdentifierPart(c) || Character.isIdentifierIgnorable(c))) {
        break;
      }
      i += Character.charCount(c);
    }
    return i;
  }

  static boolean isIdentifierStart(int c) {
    return Character.isUnicodeIdentifierStart(c) || c == '_';
  }

  static boolean isIdentifier(String text) {
    return !text.isEmpty()
        && isIdentifierStart(text.codePointAt(0))
        && identifierEnd(text, 0) == text.length();
  }

  static int lineEnd(String text, int from) {
    int i = from;
    while (i < text.length() && !isNewline(text.charAt(i))) {
      i++;
    }
    return i;
  }

  static boolean isNewline(int c) {
    return c == '\n' || c == '\r';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
