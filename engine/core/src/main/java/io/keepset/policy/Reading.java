package io.keepset.policy;

import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads typed values out of a tree that {@link SchemaCheck} has already judged. A value of the
 * wrong form reads as absent and is remembered in {@link #trouble}: what is wrong with it has been
 * said, and what follows from it would only be noise.
 */
final class Reading {
  private boolean trouble;

  /** True once anything had the wrong form. */
  boolean trouble() {
    return trouble;
  }

  Optional<String> text(MapNode map, String key) {
    Optional<Node> node = map.get(key).filter(Reading::present);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (node.get() instanceof ScalarNode scalar && scalar.value() != null) {
      return Optional.of(scalar.text());
    }
    return bad();
  }

  Optional<Integer> count(MapNode map, String key) {
    Optional<Node> node = map.get(key).filter(Reading::present);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (node.get() instanceof ScalarNode scalar
        && scalar.value() instanceof Long number
        && number >= 0
        && number <= Integer.MAX_VALUE) {
      return Optional.of(number.intValue());
    }
    return bad();
  }

  Optional<Boolean> flag(MapNode map, String key) {
    Optional<Node> node = map.get(key).filter(Reading::present);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (node.get() instanceof ScalarNode scalar && scalar.value() instanceof Boolean flag) {
      return Optional.of(flag);
    }
    return bad();
  }

  Optional<Duration> duration(MapNode map, String key) {
    return text(map, key).flatMap(text -> orTrouble(Durations.parse(text)));
  }

  Optional<LocalDate> day(MapNode map, String key) {
    return text(map, key)
        .flatMap(
            text -> {
              try {
                return Optional.of(LocalDate.parse(text));
              } catch (DateTimeException e) {
                return bad();
              }
            });
  }

  Optional<ZoneId> zone(MapNode map, String key) {
    return text(map, key).flatMap(text -> orTrouble(Zones.parse(text)));
  }

  /** The child map; an empty one if there is none. */
  MapNode map(MapNode map, String key) {
    Optional<Node> node = map.get(key).filter(Reading::present);
    if (node.isPresent() && !(node.get() instanceof MapNode)) {
      trouble = true;
    }
    return map.map(key).orElseGet(() -> new MapNode(map.at(), java.util.List.of()));
  }

  /** Nested maps flattened with dots and lists with indices, as {@link Options} wants them. */
  SortedMap<String, String> flat(MapNode map) {
    SortedMap<String, String> values = new TreeMap<>();
    for (MapNode.Entry entry : map.entries()) {
      flatten(entry.key(), entry.value(), values);
    }
    return values;
  }

  private static void flatten(String path, Node node, Map<String, String> values) {
    if (node instanceof MapNode map) {
      for (MapNode.Entry entry : map.entries()) {
        flatten(path + "." + entry.key(), entry.value(), values);
      }
    } else if (node instanceof ListNode list) {
      for (int i = 0; i < list.items().size(); i++) {
        flatten(path + "[" + i + "]", list.items().get(i), values);
      }
    } else if (node instanceof ScalarNode scalar && scalar.value() != null) {
      values.put(path, scalar.text());
    }
  }

  <T> Optional<T> orTrouble(Optional<T> value) {
    trouble |= value.isEmpty();
    return value;
  }

  private <T> Optional<T> bad() {
    trouble = true;
    return Optional.empty();
  }

  static boolean present(Node node) {
    return !(node instanceof ScalarNode scalar && scalar.value() == null);
  }
}
