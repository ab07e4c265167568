package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** Strict JSON (RFC 8259) into the tree. The first mistake in syntax ends the reading. */
final class JsonReader {
  private final SourceText text;
  private final Limits limits;
  private final Problems problems;

  JsonReader(SourceText text, Limits limits, Problems problems) {
    this.text = text;
    this.limits = limits;
    this.problems = problems;
  }

  /** The value, or null after a problem or in a file without any value. */
  @Nullable Node read() {
    try (JsonParser parser =
        JsonTree.FACTORY.createParser(ObjectReadContext.empty(), text.text())) {
      try {
        JsonToken first = parser.nextToken();
        if (first == null) {
          return null;
        }
        Node root = new JsonTree(this::at, limits, problems).node(parser, first, 1);
        if (parser.nextToken() != null) {
          throw fail(parser, "there is more after the end of the JSON value", "keep one value");
        }
        return root;
      } catch (JacksonException e) {
        problems.addBreaking(JsonMistakes.explain(e, text));
        return null;
      } catch (JsonTree.Unreadable e) {
        return null;
      }
    }
  }

  private Location at(JsonParser parser) {
    return text.at((int) parser.currentTokenLocation().getCharOffset());
  }

  private JsonTree.Unreadable fail(JsonParser parser, String message, String hint) {
    problems.addBreaking(
        Diagnostic.error("source.json.syntax", message, at(parser)).withHint(hint));
    return new JsonTree.Unreadable();
  }
}
