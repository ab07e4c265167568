package io.keepset.drivers.engine.rabbitmq;

import io.keepset.source.JsonText;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** JSON as text that is equal for equal values: keys sorted, and nothing that is empty. */
final class Canonical {
  private Canonical() {}

  static String of(Node node) {
    if (node instanceof MapNode map) {
      TreeMap<String, String> members = new TreeMap<>();
      for (MapNode.Entry entry : map.entries()) {
        if (!empty(entry.value())) {
          members.put(entry.key(), of(entry.value()));
        }
      }
      return join(members);
    }
    if (node instanceof ListNode list) {
      return list.items().stream().map(Canonical::of).collect(Collectors.joining(",", "[", "]"));
    }
    return JsonText.writeCompact(node);
  }

  static String join(Map<String, String> members) {
    return members.entrySet().stream()
        .map(member -> quoted(member.getKey()) + ":" + member.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** Tags of a user: a list since 3.9, words with commas before. */
  static String tags(Node node) {
    String[] tags =
        node instanceof ListNode list
            ? list.items().stream().map(Canonical::of).toArray(String[]::new)
            : Arrays.stream(((ScalarNode) node).text().split(",", -1))
                .map(tag -> quoted(tag.strip()))
                .toArray(String[]::new);
    return Arrays.stream(tags).filter(tag -> !tag.equals("\"\"")).sorted().toList().toString();
  }

  /** Whether a server may as well leave it out. */
  static boolean empty(Node node) {
    return node instanceof MapNode map
        ? map.isEmpty()
        : node instanceof ListNode list
            ? list.items().isEmpty()
            : ((ScalarNode) node).value() == null;
  }

  static String quoted(String text) {
    return JsonText.writeCompact(MapBuilder.text(text));
  }
}
