package io.keepset.source;

import org.jspecify.annotations.Nullable;

/**
 * One token of HCL.
 *
 * @param start char offset of its first character
 * @param end char offset after its last one
 * @param text an identifier, a number or a symbol as written; of a string what it means
 */
record HclToken(Kind kind, int start, int end, String text) {
  enum Kind {
    IDENTIFIER,
    /** Text in quotes or a heredoc. */
    STRING,
    NUMBER,
    /** Brackets, operators and all that has no meaning at all. */
    SYMBOL,
    NEWLINE,
    END
  }

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean isWord(String word) {
    return kind == Kind.IDENTIFIER && text.equals(word);
  }

  boolean endsStatement() {
    return kind == Kind.NEWLINE || kind == Kind.END;
  }

  /** As said in messages: {@code `gold`}, {@code the end of the line}. */
  String describe() {
    return switch (kind) {
      case IDENTIFIER, NUMBER -> Words.quote(text);
      case STRING -> "text in quotes";
      case SYMBOL -> text.length() == 1 ? Words.character(text.codePointAt(0)) : "\"" + text + "\"";
      case NEWLINE -> "the end of the line";
      case END -> "the end of the file";
    };
  }

  /** The operation that the token would begin behind a value, or null if it begins none. */
  @Nullable String operation() {
    if (kind != Kind.SYMBOL) {
      return null;
    }
    return switch (text) {
      case "?" -> "a conditional (? :)";
      case "[" -> "an index ([ ])";
      case "." -> "an attribute of a value (.)";
      case "..." -> "an expansion (...)";
      case "+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||" ->
          "the operator " + text;
      default -> null;
    };
  }
}
