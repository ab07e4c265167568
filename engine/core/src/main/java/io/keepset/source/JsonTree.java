package io.keepset.source;

import io.keepset.diagnostic.Location;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** Builds the tree of one JSON value from a parser that stands at its beginning. */
final class JsonTree {
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Depth and numbers are limited here, with a place and in our words.
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          // What was opened by others is closed by them.
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .build();

  /** Thrown after the reason was added to the problems. */
  static final class Unreadable extends RuntimeException {
    Unreadable() {
      super(null, null, false, false);
    }
  }

  private static final int LONGEST_SHARED = 64;
  private static final int MOST_SHARED = 4096;

  private final Function<JsonParser, Location> places;
  private final Limits limits;
  private final Problems problems;
  private final Map<String, String> shared = new HashMap<>();
  private int values;

  /**
   * @param places where the parser's current token stands
   */
  JsonTree(Function<JsonParser, Location> places, Limits limits, Problems problems) {
    this.places = places;
    this.limits = limits;
    this.problems = problems;
  }

  /**
   * @param depth of this value, the outermost counted as 1
   */
  Node node(JsonParser parser, JsonToken token, int depth) {
    Location at = places.apply(parser);
    if (++values > limits.values()) {
      problems.addBreaking(Mistakes.tooMany(at, limits));
      throw new Unreadable();
    }
    return switch (token) {
      case START_OBJECT -> map(parser, at, deeper(at, depth));
      case START_ARRAY -> list(parser, at, deeper(at, depth));
      case VALUE_STRING -> new ScalarNode(at, shared(parser.getString()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser, at);
      case VALUE_TRUE -> new ScalarNode(at, true);
      case VALUE_FALSE -> new ScalarNode(at, false);
      case VALUE_NULL -> new ScalarNode(at, null);
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("no value begins with " + token);
    };
  }

  private int deeper(Location at, int depth) {
    if (depth > limits.depth()) {
      problems.addBreaking(Mistakes.tooDeep(at, limits));
      throw new Unreadable();
    }
    return depth + 1;
  }

  private ListNode list(JsonParser parser, Location at, int depth) {
    List<Node> items = new ArrayList<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      items.add(node(parser, t, depth));
    }
    return new ListNode(at, items);
  }

  private MapNode map(JsonParser parser, Location at, int depth) {
    List<MapNode.Entry> entries = new ArrayList<>();
    Map<String, Location> seen = new HashMap<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_OBJECT; t = parser.nextToken()) {
      String key = shared(parser.currentName());
      Location keyAt = places.apply(parser);
      Node value = node(parser, parser.nextToken(), depth);
      Location first = seen.putIfAbsent(key, keyAt);
      if (first == null) {
        entries.add(new MapNode.Entry(key, keyAt, value));
      } else {
        problems.addDuplicate(key, keyAt, first);
      }
    }
    return new MapNode(at, entries);
  }

  /** Large documents say the same few words over and over: each is kept once. */
  private String shared(String text) {
    if (text.length() > LONGEST_SHARED) {
      return text;
    }
    String known = shared.get(text);
    if (known == null && shared.size() < MOST_SHARED) {
      shared.put(text, text);
    }
    return known == null ? text : known;
  }

  private ScalarNode number(JsonParser parser, Location at) {
    Object value = Numbers.parse(parser.getString());
    if (value == null) {
      problems.addBreaking(Mistakes.number(at));
    }
    return new ScalarNode(at, value);
  }
}
