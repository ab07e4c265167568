package io.keepset.policy;

import io.keepset.diagnostic.Location;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import org.jspecify.annotations.Nullable;

/**
 * What a JSON pointer points to in a tree.
 *
 * @param keyAt where the key stands under which the node hangs; the node's own place if there is
 *     none
 * @param badName true if the key itself is not what the schema wants keys to be
 */
record Place(Shape shape, Node node, Location keyAt, Shape.Path path, boolean badName) {
  Place(Shape shape, Node node, Location keyAt, Shape.Path path) {
    this(shape, node, keyAt, path, false);
  }

  /** Follows a pointer as far as the tree goes. */
  Place follow(@Nullable String pointer) {
    Place place = this;
    if (pointer == null || pointer.length() < 3) {
      return place;
    }
    for (String part : pointer.substring(2).split("/", -1)) {
      Place next = place.child(place.keyFor(part));
      if (next == null) {
        return place;
      }
      place = next;
    }
    return place;
  }

  /**
   * The key that a pointer's part means. Everit escapes a key anew at each level that a finding
   * passes, so how often is not known.
   */
  private String keyFor(String part) {
    if (part.contains("~") && node instanceof MapNode map) {
      for (MapNode.Entry entry : map.entries()) {
        String escaped = escape(entry.key());
        while (escaped.length() < part.length() && escaped.contains("~")) {
          escaped = escape(escaped);
        }
        if (escaped.equals(part)) {
          return entry.key();
        }
      }
    }
    return part;
  }

  private static String escape(String key) {
    return key.contains("~") || key.contains("/") ? key.replace("~", "~0").replace("/", "~1") : key;
  }

  private @Nullable Place child(String key) {
    Shape inner = shape.child(key).orElse(null);
    if (inner == null) {
      return null;
    }
    if (node instanceof MapNode map) {
      return map.entry(key)
          .map(e -> new Place(inner, e.value(), e.keyAt(), path.child(key), !shape.isName(key)))
          .orElse(null);
    }
    if (node instanceof ListNode list && key.matches("[0-9]{1,6}")) {
      int index = Integer.parseInt(key);
      Node item = index < list.items().size() ? list.items().get(index) : null;
      return item == null ? null : new Place(inner, item, item.at(), path.child(key));
    }
    return null;
  }

  /** What to call it in a message: {@code database orders}, {@code retention}, {@code changes}. */
  String label() {
    var keys = path.keys();
    if (keys.isEmpty()) {
      return "the file";
    }
    String last = keys.get(keys.size() - 1);
    if (keys.size() > 1 && last.matches("[0-9]+")) {
      return keys.get(keys.size() - 2);
    }
    return keys.size() == 2 && !keys.get(0).equals("keepset") ? keys.get(0) + " " + last : last;
  }
}
