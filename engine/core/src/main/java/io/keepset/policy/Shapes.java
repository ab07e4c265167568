package io.keepset.policy;

import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the tree of one schema file into {@link Shape shapes}. */
final class Shapes {
  /** Keywords that say nothing about which trees are good. */
  private static final Set<String> DESCRIBING =
      Set.of(
          "$schema", "$id", "title", "description", "examples", "default", "definitions", "format");

  private final MapNode root;
  private final Map<String, Shape> byReference = new HashMap<>();

  private Shapes(MapNode root) {
    this.root = root;
  }

  /**
   * The shape at a JSON pointer of the schema file; the empty pointer means all of it.
   *
   * @throws IllegalStateException if the schema uses a keyword that shapes do not know
   */
  static Shape of(MapNode schema, String pointer) {
    return new Shapes(schema).at(pointer);
  }

  private Shape at(String pointer) {
    Shape known = byReference.get(pointer);
    if (known != null) {
      return known;
    }
    MapNode schema = root;
    for (String key : pointer.isEmpty() ? List.<String>of() : split(pointer)) {
      schema =
          schema.map(key).orElseThrow(() -> new IllegalStateException("schema has no " + pointer));
    }
    Shape shape = shape(schema);
    byReference.put(pointer, shape);
    return shape;
  }

  private static List<String> split(String pointer) {
    return List.of(pointer.substring(1).split("/"));
  }

  private Shape shape(MapNode schema) {
    Optional<String> reference = schema.text("$ref");
    if (reference.isPresent()) {
      return at(reference.get().substring(1));
    }
    Set<String> unknown = new HashSet<>(schema.keys());
    unknown.removeAll(DESCRIBING);
    Parts parts = new Parts(schema, unknown);
    Map<String, Shape> properties = new LinkedHashMap<>();
    parts
        .map("properties")
        .ifPresent(
            map -> map.entries().forEach(e -> properties.put(e.key(), shape((MapNode) e.value()))));
    Optional<Node> others = parts.node("additionalProperties");
    boolean closed =
        others.isPresent()
            && others.get() instanceof ScalarNode flag
            && Boolean.FALSE.equals(flag.value());
    Shape shape =
        new Shape(
            parts.texts("type"),
            properties,
            others.isPresent() && others.get() instanceof MapNode map ? shape(map) : null,
            closed,
            nested(parts.map("propertyNames")),
            parts.texts("required"),
            parts.node("enum").map(n -> ((ListNode) n).items()).orElse(List.of()),
            parts.text("pattern").map(Pattern::compile).orElse(null),
            parts.text("x-expects"),
            parts.number("minimum"),
            parts.number("maximum"),
            parts.number("minLength").map(Long::intValue).orElse(0),
            parts.number("maxLength").map(Long::intValue).orElse(Integer.MAX_VALUE),
            parts.number("minItems").map(Long::intValue).orElse(0),
            parts.text("uniqueItems").map(Boolean::parseBoolean).orElse(false),
            nested(parts.map("items")),
            parts.text("x-format").map(Format::of),
            parts.text("x-refers-to"));
    if (!unknown.isEmpty()) {
      throw new IllegalStateException("schema keywords that shapes do not know: " + unknown);
    }
    return shape;
  }

  private @Nullable Shape nested(Optional<MapNode> schema) {
    return schema.map(this::shape).orElse(null);
  }

  /** The keywords of one schema; each is crossed out when it is taken. */
  private record Parts(MapNode schema, Set<String> left) {
    Optional<Node> node(String keyword) {
      left.remove(keyword);
      return schema.get(keyword);
    }

    Optional<MapNode> map(String keyword) {
      left.remove(keyword);
      return schema.map(keyword);
    }

    Optional<String> text(String keyword) {
      left.remove(keyword);
      return schema.text(keyword);
    }

    Optional<Long> number(String keyword) {
      return text(keyword).map(Long::valueOf);
    }

    /** One text or a list of them. */
    Set<String> texts(String keyword) {
      Set<String> texts = new LinkedHashSet<>();
      Optional<Node> node = node(keyword);
      if (node.isPresent() && node.get() instanceof ListNode list) {
        list.items().forEach(item -> texts.add(((ScalarNode) item).text()));
      } else {
        node.ifPresent(one -> texts.add(((ScalarNode) one).text()));
      }
      return texts;
    }
  }
}
