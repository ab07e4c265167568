package io.keepset.app.cli;

import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.util.stream.Collectors;

/** Nodes as JSON, indented. */
final class JsonText {
  private JsonText() {}

  static String of(Node node) {
    if (node instanceof MapNode map) {
      return map.entries().stream()
          .map(e -> indent(quoted(e.key()) + ": " + of(e.value())))
          .collect(Collectors.joining(",\n", "{\n", "\n}"));
    }
    if (node instanceof ListNode list) {
      return list.items().stream()
          .map(item -> indent(of(item)))
          .collect(Collectors.joining(",\n", "[\n", "\n]"));
    }
    ScalarNode scalar = (ScalarNode) node;
    return scalar.value() instanceof String text ? quoted(text) : scalar.text();
  }

  private static String indent(String text) {
    return "  " + text.replace("\n", "\n  ");
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
