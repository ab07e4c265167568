package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/** What the JSON parser found wrong, said in our words where they are clearer than its own. */
final class JsonMistakes {
  private JsonMistakes() {}

  static Diagnostic explain(JacksonException e, SourceText text) {
    int offset = offset(e, text);
    Location at = text.at(offset);
    if (e instanceof UnexpectedEndOfInputException || offset >= text.text().length()) {
      return error("the file ends before the JSON value does", at)
          .withHint("close every bracket, brace and quote");
    }
    int found = text.text().codePointAt(offset);
    String message = e.getOriginalMessage();
    String before = text.text().substring(0, offset).stripTrailing();
    if ((found == '}' || found == ']') && before.endsWith(",")) {
      return error("JSON allows no comma before " + Words.character(found), at)
          .withHint("remove the comma");
    }
    String hint = hint(found);
    if (message.startsWith("Unrecognized token")) {
      int end = message.indexOf("':");
      String token = end < 0 ? "" : message.substring("Unrecognized token '".length(), end);
      return error(Words.quote(token) + " is neither text in quotes nor a JSON value", at)
          .withHint(hint != null ? hint : "put text in double quotes");
    }
    int expecting = message.indexOf("expecting ");
    String expected =
        expecting < 0 ? "" : ", " + message.substring(expecting).replaceAll("[\\r\\n].*", "");
    if (message.startsWith("Unexpected character")) {
      return error("unexpected " + Words.character(found) + expected, at).withHint(hint);
    }
    return error(firstLine(message), at).withHint(hint);
  }

  private static Diagnostic error(String message, Location at) {
    return Diagnostic.error("source.json.syntax", message, at);
  }

  private static int offset(JacksonException e, SourceText text) {
    long offset = e.getLocation() == null ? 0 : e.getLocation().getCharOffset();
    return (int) Math.max(0, Math.min(offset, text.text().length()));
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  private static @Nullable String hint(int found) {
    return switch (found) {
      case '#', '/' -> "JSON has no comments: remove it, or use YAML or HCL";
      case '\'' -> "JSON knows double quotes only";
      case '=' -> "JSON has a colon between key and value";
      default -> null;
    };
  }
}
