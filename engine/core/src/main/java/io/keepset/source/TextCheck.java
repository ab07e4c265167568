package io.keepset.source;

import io.keepset.diagnostic.Location;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Finds text that came in by an escape and that no setting can hold. */
final class TextCheck {
  private final Problems problems;

  /** What YAML aliases share is looked at once. */
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private TextCheck(Problems problems) {
    this.problems = problems;
  }

  static void check(Node root, Problems problems) {
    new TextCheck(problems).node(root);
  }

  private void node(Node node) {
    if (node instanceof ScalarNode scalar) {
      if (scalar.value() instanceof String string) {
        text(string, scalar.at());
      }
    } else if (seen.add(node)) {
      if (node instanceof MapNode map) {
        for (MapNode.Entry entry : map.entries()) {
          text(entry.key(), entry.keyAt());
          node(entry.value());
        }
      } else if (node instanceof ListNode list) {
        list.items().forEach(this::node);
      }
    }
  }

  private void text(String text, Location at) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == 0) {
        problems.addBreaking(Mistakes.zero(at));
        return;
      }
      if (Words.isSurrogate(c)) {
        problems.addBreaking(Mistakes.halfPair(at));
        return;
      }
    }
  }
}
