package io.keepset.policy;

import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of JSON Schema that our schemas use, ready to walk a tree. It answers only yes or no,
 * fast; what is wrong with a tree, everit says. It also tells for each value which of our own
 * keywords ({@code x-format}, {@code x-refers-to}) its schema has.
 *
 * @param types as in the schema; empty means any
 * @param properties shapes of known keys
 * @param others shape of every other key; null if any value will do
 * @param closed true if no other key may stand there
 * @param names what every key must look like
 * @param expects what the pattern means, in words
 */
record Shape(
    Set<String> types,
    Map<String, Shape> properties,
    @Nullable Shape others,
    boolean closed,
    @Nullable Shape names,
    Set<String> required,
    List<Node> allowed,
    @Nullable Pattern pattern,
    Optional<String> expects,
    Optional<Long> minimum,
    Optional<Long> maximum,
    int minLength,
    int maxLength,
    int minItems,
    boolean unique,
    @Nullable Shape items,
    Optional<Format> format,
    Optional<String> refersTo) {

  /** Sees every scalar and every value with a format on the way. */
  interface Visitor {
    void visit(Shape shape, Node node, Path path);
  }

  /** Walks the whole tree, also behind the first mistake. */
  boolean accepts(Node node, Path path, Visitor visitor) {
    visitor.visit(this, node, path);
    if (judgesItself(node)) {
      return true;
    }
    if (node instanceof MapNode map) {
      boolean good = acceptsMap(map, path, visitor);
      return good && hasTypeOf(map);
    }
    if (node instanceof ListNode list) {
      boolean good = acceptsList(list, path, visitor);
      return good && hasTypeOf(list);
    }
    return acceptsScalar((ScalarNode) node);
  }

  /** True if a format of ours says all there is to say about this node. */
  boolean judgesItself(Node node) {
    return format.isPresent() && (format.get() == Format.SECRET || node instanceof ScalarNode);
  }

  /** The shape of a child, as far as the schema describes it. */
  Optional<Shape> child(String key) {
    Shape known = properties.get(key);
    return Optional.ofNullable(known != null ? known : others != null ? others : items);
  }

  /** Whether a key looks as the schema wants its keys to look. */
  boolean isName(String key) {
    return names == null || names.acceptsText(key);
  }

  /** Whether the node is of one of the types. */
  boolean hasTypeOf(Node node) {
    if (node instanceof MapNode) {
      return has("object");
    } else if (node instanceof ListNode) {
      return has("array");
    }
    Object value = ((ScalarNode) node).value();
    if (value == null) {
      return has("null");
    } else if (value instanceof Boolean) {
      return has("boolean");
    } else if (value instanceof Long) {
      return has("integer") || has("number");
    }
    return has(value instanceof BigDecimal ? "number" : "string");
  }

  boolean has(String type) {
    return types.isEmpty() || types.contains(type);
  }

  private boolean acceptsMap(MapNode map, Path path, Visitor visitor) {
    boolean good = true;
    for (String key : required) {
      good &= map.entry(key).isPresent();
    }
    for (MapNode.Entry entry : map.entries()) {
      Shape known = properties.get(entry.key());
      Shape shape = known != null ? known : others;
      good &= isName(entry.key());
      if (shape != null) {
        good &= shape.accepts(entry.value(), path.child(entry.key()), visitor);
      } else if (closed) {
        good = false;
      }
    }
    return good;
  }

  private boolean acceptsList(ListNode list, Path path, Visitor visitor) {
    boolean good = list.items().size() >= minItems;
    if (unique) {
      good &= new HashSet<>(list.items()).size() == list.items().size();
    }
    if (items != null) {
      int i = 0;
      for (Node item : list.items()) {
        good &= items.accepts(item, path.child(String.valueOf(i++)), visitor);
      }
    }
    return good;
  }

  private boolean acceptsScalar(ScalarNode scalar) {
    Object value = scalar.value();
    if (!hasTypeOf(scalar) || !(allowed.isEmpty() || allowed.contains(scalar))) {
      return false;
    } else if (value instanceof Long number) {
      return inRange(BigDecimal.valueOf(number));
    } else if (value instanceof BigDecimal number) {
      return inRange(number);
    }
    return !(value instanceof String text) || acceptsText(text);
  }

  private boolean inRange(BigDecimal number) {
    return minimum.map(BigDecimal::valueOf).map(min -> number.compareTo(min) >= 0).orElse(true)
        && maximum.map(BigDecimal::valueOf).map(max -> number.compareTo(max) <= 0).orElse(true);
  }

  private boolean acceptsText(String text) {
    return (pattern == null || pattern.matcher(text).find())
        && lengthFits(text.codePointCount(0, text.length()));
  }

  private boolean lengthFits(int length) {
    return length >= minLength && length <= maxLength;
  }

  /** Where in a tree something is; becomes text only when somebody asks. */
  record Path(@Nullable Path parent, String key) {
    static final Path ROOT = new Path(null, "");

    Path child(String name) {
      return new Path(this, name);
    }

    List<String> keys() {
      List<String> keys = new ArrayList<>();
      for (Path path = this; path.parent != null; path = path.parent) {
        keys.add(0, path.key);
      }
      return keys;
    }

    /** As a JSON pointer. */
    String pointer() {
      StringBuilder out = new StringBuilder();
      for (String name : keys()) {
        out.append('/').append(name.replace("~", "~0").replace("/", "~1"));
      }
      return out.toString();
    }
  }
}
