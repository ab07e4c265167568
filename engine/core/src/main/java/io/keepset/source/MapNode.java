package io.keepset.source;

import io.keepset.diagnostic.Location;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A map with text keys, in the order in which they were written. */
public final class MapNode implements Node {
  /**
   * One key with its value.
   *
   * @param keyAt where the key (or block label) stands
   * @param commentsBefore comment lines directly before it, without their marks
   * @param commentAfter the comment after it on its line, without its mark
   */
  public record Entry(
      String key,
      Location keyAt,
      Node value,
      List<String> commentsBefore,
      @Nullable String commentAfter) {
    public Entry {
      commentsBefore = List.copyOf(commentsBefore);
    }

    public Entry(String key, Location keyAt, Node value) {
      this(key, keyAt, value, List.of(), null);
    }
  }

  private final Location at;

  /** So many entries are found as fast one after the other. */
  private static final int FEW = 8;

  /** Null while the entries are few: an index costs more than they do. */
  private final @Nullable Map<String, Entry> byKey;

  private final List<Entry> entries;
  private final List<String> closingComments;

  /**
   * @throws IllegalArgumentException if a key stands twice; readers report that before they get
   *     here
   */
  public MapNode(Location at, List<Entry> entries) {
    this(at, entries, List.of());
  }

  /**
   * @param closingComments comment lines after the last entry
   * @throws IllegalArgumentException if a key stands twice
   */
  public MapNode(Location at, List<Entry> entries, List<String> closingComments) {
    this.at = at;
    this.entries = List.copyOf(entries);
    this.closingComments = List.copyOf(closingComments);
    this.byKey = entries.size() > FEW ? new HashMap<>() : null;
    for (int i = 0; i < this.entries.size(); i++) {
      Entry entry = this.entries.get(i);
      Entry same = byKey == null ? among(i, entry.key()) : byKey.put(entry.key(), entry);
      if (same != null) {
        throw new IllegalArgumentException("key stands twice: " + entry.key());
      }
    }
  }

  private @Nullable Entry among(int first, String key) {
    for (int i = 0; i < first; i++) {
      Entry entry = entries.get(i);
      if (entry.key().equals(key)) {
        return entry;
      }
    }
    return null;
  }

  @Override
  public Location at() {
    return at;
  }

  @Override
  public String kind() {
    return "a map";
  }

  public List<Entry> entries() {
    return entries;
  }

  /** Comment lines after the last entry, without their marks. */
  public List<String> closingComments() {
    return closingComments;
  }

  public List<String> keys() {
    return entries.stream().map(Entry::key).toList();
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  public Optional<Entry> entry(String key) {
    return Optional.ofNullable(byKey == null ? among(entries.size(), key) : byKey.get(key));
  }

  public Optional<Node> get(String key) {
    return entry(key).map(Entry::value);
  }

  /** The child map, or empty if the key is missing or holds something else. */
  public Optional<MapNode> map(String key) {
    return get(key).map(n -> n instanceof MapNode map ? map : null);
  }

  /** The scalar's text, or empty if the key is missing, null or holds a map or list. */
  public Optional<String> text(String key) {
    return get(key).map(n -> n instanceof ScalarNode s && s.value() != null ? s.text() : null);
  }

  /** The maps in the child list; none if the key is missing or holds something else. */
  public List<MapNode> maps(String key) {
    List<MapNode> maps = new ArrayList<>();
    if (get(key).orElse(null) instanceof ListNode list) {
      for (Node item : list.items()) {
        if (item instanceof MapNode map) {
          maps.add(map);
        }
      }
    }
    return maps;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof MapNode that) || entries.size() != that.entries.size()) {
      return false;
    }
    return entries.stream().allMatch(e -> e.value().equals(that.get(e.key()).orElse(null)));
  }

  @Override
  public int hashCode() {
    return entries.stream().mapToInt(e -> e.key().hashCode() ^ e.value().hashCode()).sum();
  }

  @Override
  public String toString() {
    return "MapNode" + keys() + "@" + at;
  }
}
