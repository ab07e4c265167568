package io.keepset.source;

import io.keepset.diagnostic.Location;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/**
 * Reads a JSON object of any size, UTF-8, member by member; of members that are lists, item by
 * item. Only one value is in memory at a time.
 */
public final class JsonMembers {
  private static final Limits ITEM = new Limits(Integer.MAX_VALUE, 200, Integer.MAX_VALUE);

  /** Hears what is in the document, in its order. */
  public interface Visitor {
    /** A member that is no list. */
    void value(String key, Node value);

    /** A member that is a list begins. */
    void list(String key);

    /** An item of a list. */
    void item(String key, Node item);
  }

  /** The document is not what it should be; the message says where and why. */
  public static final class Malformed extends Exception {
    Malformed(String message) {
      super(message);
    }
  }

  private final JsonParser parser;
  private final Problems problems = new Problems();
  private final JsonTree tree = new JsonTree(JsonMembers::at, ITEM, problems);

  private JsonMembers(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * Reads to the end of the stream.
   *
   * @throws IOException if the stream can't be read
   * @throws Malformed if it is not one JSON object, or a key stands twice
   */
  public static void read(InputStream in, Visitor visitor) throws IOException, Malformed {
    try (JsonParser parser = JsonTree.FACTORY.createParser(ObjectReadContext.empty(), in)) {
      new JsonMembers(parser).read(visitor);
    } catch (JacksonIOException e) {
      throw e.getCause();
    } catch (UnexpectedEndOfInputException e) {
      throw new Malformed("it ends before it is complete");
    } catch (JacksonException e) {
      // The parser's own words quote the document, and that may hold secrets.
      TokenStreamLocation at = e.getLocation();
      throw new Malformed(
          "it is no well-formed JSON" + (at == null ? "" : " near byte " + at.getByteOffset()));
    }
  }

  private void read(Visitor visitor) throws Malformed {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new Malformed("it does not begin with an object");
    }
    Set<String> seen = new HashSet<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_OBJECT; t = parser.nextToken()) {
      String key = parser.currentName();
      if (!seen.add(key)) {
        throw new Malformed(Words.quote(key) + " stands twice");
      }
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_ARRAY) {
        visitor.list(key);
        for (JsonToken i = parser.nextToken(); i != JsonToken.END_ARRAY; i = parser.nextToken()) {
          visitor.item(key, node(i, 3));
        }
      } else {
        visitor.value(key, node(first, 2));
      }
    }
    if (parser.nextToken() != null) {
      throw new Malformed("there is more after its end");
    }
  }

  private Node node(JsonToken token, int depth) throws Malformed {
    try {
      Node node = tree.node(parser, token, depth);
      if (problems.all().isEmpty()) {
        return node;
      }
    } catch (JsonTree.Unreadable e) {
      // The problems say why.
    }
    throw new Malformed(problems.all().get(0).message());
  }

  private static Location at(JsonParser parser) {
    TokenStreamLocation at = parser.currentTokenLocation();
    return new Location("document", Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
  }
}
