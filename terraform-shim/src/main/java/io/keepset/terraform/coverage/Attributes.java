package io.keepset.terraform.coverage;

import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.util.Optional;

/**
 * What a resource will be. The three trees have one shape; where the marks say {@code true}, all
 * below is unknown or sensitive.
 *
 * @param values {@code after} of a change, or {@code before} of what is destroyed
 * @param unknown {@code after_unknown}
 * @param sensitive {@code after_sensitive} or {@code before_sensitive}
 */
record Attributes(Optional<Node> values, Optional<Node> unknown, Optional<Node> sensitive) {
  /** The scalar at a path such as {@code settings.0.tier}. */
  Value at(String path) {
    Optional<Node> value = values;
    Optional<Node> unknownHere = unknown;
    Optional<Node> sensitiveHere = sensitive;
    for (String step : path.split("\\.", -1)) {
      if (isTrue(unknownHere)) {
        return Value.UNKNOWN;
      }
      if (isTrue(sensitiveHere)) {
        return Value.HIDDEN;
      }
      value = value.flatMap(node -> child(node, step));
      unknownHere = unknownHere.flatMap(node -> child(node, step));
      sensitiveHere = sensitiveHere.flatMap(node -> child(node, step));
    }
    if (isTrue(sensitiveHere)) {
      return Value.HIDDEN;
    }
    if (isTrue(unknownHere)) {
      return Value.UNKNOWN;
    }
    return value
        .filter(node -> node instanceof ScalarNode scalar && scalar.value() != null)
        .map(node -> Value.known(((ScalarNode) node).text()))
        .orElse(Value.ABSENT);
  }

  /**
   * A tag by its key, in a map of tags or in a list of blocks that have {@code key} and {@code
   * value}.
   */
  Value tag(String tags, String key) {
    // Keys have dots and colons, so they are no path.
    Optional<Node> there = step(values, tags);
    Optional<Node> unknownThere = step(unknown, tags);
    Optional<Node> sensitiveThere = step(sensitive, tags);
    if (isTrue(sensitiveThere) || isTrue(sensitive)) {
      return Value.HIDDEN;
    }
    if (isTrue(unknownThere) || isTrue(unknown)) {
      return Value.UNKNOWN;
    }
    if (there.orElse(null) instanceof ListNode list) {
      return block(list, key);
    }
    if (isTrue(sensitiveThere.flatMap(node -> child(node, key)))) {
      return Value.HIDDEN;
    }
    if (isTrue(unknownThere.flatMap(node -> child(node, key)))) {
      return Value.UNKNOWN;
    }
    return there
        .filter(MapNode.class::isInstance)
        .flatMap(node -> ((MapNode) node).text(key))
        .map(Value::known)
        .orElse(Value.ABSENT);
  }

  private static Value block(ListNode list, String key) {
    for (Node node : list.items()) {
      if (node instanceof MapNode map && map.text("key").equals(Optional.of(key))) {
        return map.text("value").map(Value::known).orElse(Value.ABSENT);
      }
    }
    return Value.ABSENT;
  }

  private static Optional<Node> step(Optional<Node> node, String path) {
    Optional<Node> here = node;
    for (String step : path.split("\\.", -1)) {
      here = here.flatMap(one -> child(one, step));
    }
    return here;
  }

  private static Optional<Node> child(Node node, String step) {
    if (node instanceof MapNode map) {
      return map.get(step);
    }
    if (node instanceof ListNode list && step.matches("[0-9]{1,6}")) {
      int index = Integer.parseInt(step);
      return index < list.items().size() ? Optional.of(list.items().get(index)) : Optional.empty();
    }
    return Optional.empty();
  }

  private static boolean isTrue(Optional<Node> node) {
    return node.orElse(null) instanceof ScalarNode scalar && Boolean.TRUE.equals(scalar.value());
  }
}
