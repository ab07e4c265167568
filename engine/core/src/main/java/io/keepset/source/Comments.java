package io.keepset.source;

import io.keepset.diagnostic.Location;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives each comment of a file to the entry that a reader would say it belongs to; none is lost.
 *
 * <p>A comment at the end of a line belongs to the first key on that line. One that stands alone
 * belongs to the next key; in a list without keys, to the key of the list; indented deeper than the
 * next key, or with no key after it, to the end of the map that it is indented like.
 */
final class Comments {
  /** Where the comments of one entry, or of the end of one map, are gathered. */
  private static final class Gathered {
    final List<String> before = new ArrayList<>();
    @Nullable String after;
  }

  /** An entry with the map that holds it and the entry that holds the map. */
  private record Placed(MapNode.Entry entry, MapNode map, @Nullable Placed parent) {}

  private final TreeMap<Location, Placed> places = new TreeMap<>();
  private final IdentityHashMap<MapNode.Entry, Gathered> ofEntry = new IdentityHashMap<>();
  private final IdentityHashMap<MapNode, List<String>> ofEnd = new IdentityHashMap<>();
  private final IdentityHashMap<Node, Node> rebuilt = new IdentityHashMap<>();
  private final MapNode root;

  private Comments(MapNode root) {
    this.root = root;
    collect(root, null);
  }

  static MapNode attach(MapNode root, List<Comment> comments) {
    if (comments.isEmpty()) {
      return root;
    }
    Comments attaching = new Comments(root);
    comments.forEach(attaching::place);
    return attaching.rebuild(root);
  }

  private void collect(Node node, @Nullable Placed parent) {
    if (node instanceof MapNode map) {
      for (MapNode.Entry entry : map.entries()) {
        Placed placed = new Placed(entry, map, parent);
        if (places.putIfAbsent(entry.keyAt(), placed) == null) { // else seen through an alias
          collect(entry.value(), placed);
        }
      }
    } else if (node instanceof ListNode list) {
      list.items().forEach(item -> collect(item, parent));
    }
  }

  private void place(Comment comment) {
    Location at = comment.at();
    Placed previous = value(places.lowerEntry(at));
    Placed next = value(places.higherEntry(at));
    if (!comment.alone()) {
      Location lineStart = new Location(at.file(), at.line(), 1);
      Placed onLine = value(places.ceilingEntry(lineStart));
      Placed owner = onLine != null && onLine.entry().keyAt().compareTo(at) < 0 ? onLine : null;
      if (owner == null && previous != null && previous.entry().value() instanceof ScalarNode) {
        owner = previous;
      }
      if (owner != null && gathered(owner).after == null) {
        gathered(owner).after = comment.text();
        return;
      }
    }
    if (previous != null && insideOfList(previous, at, next)) {
      gathered(previous).before.add(comment.text());
      return;
    }
    MapNode end = next == null ? root : null;
    if (comment.alone() && (next == null || at.column() > next.entry().keyAt().column())) {
      for (Placed p = previous; p != null; p = p.parent()) {
        if (p.map().entries().get(0).keyAt().column() == at.column()) {
          end = p.map();
          break;
        }
      }
    }
    if (end != null) {
      ofEnd.computeIfAbsent(end, m -> new ArrayList<>()).add(comment.text());
    } else if (next != null) {
      gathered(next).before.add(comment.text());
    }
  }

  /** True if the entry holds a list which goes on after the place without a key of its own. */
  private static boolean insideOfList(Placed placed, Location at, @Nullable Placed next) {
    if (!(placed.entry().value() instanceof ListNode list) || list.items().isEmpty()) {
      return false;
    }
    Location last = list.items().get(list.items().size() - 1).at();
    boolean goesOn = last.compareTo(at) > 0 || last.line() == at.line();
    return goesOn && (next == null || next.entry().keyAt().compareTo(last) > 0);
  }

  private static @Nullable Placed value(Map.@Nullable Entry<Location, Placed> entry) {
    return entry == null ? null : entry.getValue();
  }

  private Gathered gathered(Placed placed) {
    return ofEntry.computeIfAbsent(placed.entry(), e -> new Gathered());
  }

  private Node rebuild(Node node) {
    if (node instanceof ScalarNode) {
      return node;
    }
    Node done = rebuilt.get(node);
    if (done == null) {
      done =
          node instanceof ListNode list
              ? new ListNode(list.at(), list.items().stream().map(this::rebuild).toList())
              : rebuild((MapNode) node);
      rebuilt.put(node, done);
    }
    return done;
  }

  private MapNode rebuild(MapNode map) {
    List<MapNode.Entry> entries = new ArrayList<>();
    for (MapNode.Entry entry : map.entries()) {
      Gathered own = ofEntry.getOrDefault(entry, new Gathered());
      entries.add(
          new MapNode.Entry(
              entry.key(), entry.keyAt(), rebuild(entry.value()), own.before, own.after));
    }
    return new MapNode(map.at(), entries, ofEnd.getOrDefault(map, List.of()));
  }
}
