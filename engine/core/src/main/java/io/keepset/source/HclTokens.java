package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tokens of a file with one of look-ahead, and how to go on after a mistake. */
final class HclTokens {
  /** A statement can't be read further; the rest of the file can. */
  static final class Mistake extends RuntimeException {
    private final transient Diagnostic diagnostic;

    Mistake(Diagnostic diagnostic) {
      super(null, null, false, false);
      this.diagnostic = diagnostic;
    }

    Diagnostic diagnostic() {
      return diagnostic;
    }
  }

  /** Reading ends; the reason was added to the problems. */
  static final class TooDeep extends RuntimeException {
    TooDeep() {
      super(null, null, false, false);
    }
  }

  private final SourceText source;
  private final HclLexer lexer;
  private @Nullable HclToken peeked;
  private int open;

  HclTokens(SourceText source, Problems problems) {
    this.source = source;
    this.lexer = new HclLexer(source, problems);
  }

  HclToken peek() {
    HclToken token = peeked;
    if (token == null) {
      token = lexer.next();
      peeked = token;
    }
    return token;
  }

  HclToken take() {
    HclToken token = peek();
    peeked = null;
    if (token.is("{") || token.is("[") || token.is("(")) {
      open++;
    } else if (token.is("}") || token.is("]") || token.is(")")) {
      open--;
    }
    return token;
  }

  void skipNewlines() {
    while (peek().kind() == HclToken.Kind.NEWLINE) {
      take();
    }
  }

  /** Brackets of all kinds taken and not yet closed. */
  int open() {
    return open;
  }

  /** Goes to the end of a statement that began with so many brackets open. */
  void skipStatement(int openBefore) {
    while (peek().kind() != HclToken.Kind.END) {
      if (open <= openBefore && (peek().kind() == HclToken.Kind.NEWLINE || peek().is("}"))) {
        break;
      }
      take();
    }
    open = Math.max(open, openBefore);
  }

  Location at(HclToken token) {
    return source.at(token.start());
  }

  Mistake mistake(Diagnostic diagnostic) {
    return new Mistake(diagnostic);
  }

  List<Comment> comments() {
    return lexer.comments();
  }
}
