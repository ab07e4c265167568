package io.keepset.policy;

import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Trees laid over each other, the later one on top: maps are merged key by key, everything else is
 * replaced, null takes away. Each value remembers the level that set it.
 *
 * @param origins by path of the value: {@code retention.daily}
 */
record Levels(MapNode tree, SortedMap<String, Origin> origins) {
  Levels {
    origins = Collections.unmodifiableSortedMap(origins);
  }

  static Levels none(MapNode empty) {
    return new Levels(empty, new TreeMap<>());
  }

  Levels lay(String level, boolean builtIn, MapNode top) {
    TreeMap<String, Origin> changed = new TreeMap<>(origins);
    MapNode merged = merge(tree, top, "", new Layer(level, builtIn, changed));
    return new Levels(merged, changed);
  }

  private record Layer(String level, boolean builtIn, TreeMap<String, Origin> origins) {
    void forget(String path) {
      origins.remove(path);
      origins.subMap(path + ".", path + "/").clear();
      origins.subMap(path + "[", path + "\\").clear();
    }

    void remember(String path, Node node) {
      leaves(path, node, level, builtIn, origins);
    }
  }

  /** Adds the origin of every value below a node. */
  static void leaves(
      String path, Node node, String level, boolean builtIn, Map<String, Origin> origins) {
    if (node instanceof MapNode map) {
      String prefix = path.isEmpty() ? "" : path + ".";
      for (MapNode.Entry entry : map.entries()) {
        leaves(prefix + entry.key(), entry.value(), level, builtIn, origins);
      }
    } else if (node instanceof ListNode list) {
      for (int i = 0; i < list.items().size(); i++) {
        leaves(path + "[" + i + "]", list.items().get(i), level, builtIn, origins);
      }
    } else {
      origins.put(path, new Origin(level, builtIn ? null : node.at()));
    }
  }

  private static MapNode merge(MapNode base, MapNode top, String prefix, Layer layer) {
    List<MapNode.Entry> entries = new ArrayList<>();
    for (MapNode.Entry entry : base.entries()) {
      if (top.entry(entry.key()).isEmpty()) {
        entries.add(entry);
      }
    }
    for (MapNode.Entry entry : top.entries()) {
      String path = prefix.isEmpty() ? entry.key() : prefix + "." + entry.key();
      Optional<MapNode> below = base.map(entry.key());
      if (!Reading.present(entry.value())) {
        layer.forget(path);
      } else if (below.isPresent() && entry.value() instanceof MapNode map) {
        MapNode both = merge(below.get(), map, path, layer);
        entries.add(new MapNode.Entry(entry.key(), entry.keyAt(), both));
      } else {
        layer.forget(path);
        layer.remember(path, entry.value());
        entries.add(entry);
      }
    }
    return new MapNode(top.at(), entries);
  }
}
