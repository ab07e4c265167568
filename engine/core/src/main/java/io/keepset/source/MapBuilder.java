package io.keepset.source;

import io.keepset.diagnostic.Location;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Builds a map that we write ourselves, key by key in the order of the calls: machine output, not
 * policy text. Empty optionals leave their key out.
 */
public final class MapBuilder {
  private static final Location NOWHERE = new Location("output", 1, 1);

  private final List<MapNode.Entry> entries = new ArrayList<>();

  public MapBuilder put(String key, Node value) {
    entries.add(new MapNode.Entry(key, NOWHERE, value));
    return this;
  }

  public MapBuilder put(String key, @Nullable String value) {
    return put(key, text(value));
  }

  public MapBuilder put(String key, long value) {
    return put(key, new ScalarNode(NOWHERE, value));
  }

  public MapBuilder put(String key, boolean value) {
    return put(key, new ScalarNode(NOWHERE, value));
  }

  /** ISO 8601 in UTC. */
  public MapBuilder put(String key, Instant value) {
    return put(key, value.toString());
  }

  /** In whole seconds. */
  public MapBuilder putSeconds(String key, Duration value) {
    return put(key, value.toSeconds());
  }

  public MapBuilder put(String key, MapBuilder value) {
    return put(key, value.build());
  }

  public MapBuilder putText(String key, Optional<String> value) {
    value.ifPresent(present -> put(key, present));
    return this;
  }

  public MapBuilder putTime(String key, Optional<Instant> value) {
    value.ifPresent(present -> put(key, present));
    return this;
  }

  public MapBuilder putNumber(String key, OptionalLong value) {
    value.ifPresent(present -> put(key, present));
    return this;
  }

  public MapBuilder put(String key, Collection<? extends Node> items) {
    return put(key, list(items));
  }

  public MapBuilder putTexts(String key, Collection<String> items) {
    return put(key, items.stream().map(MapBuilder::text).toList());
  }

  public MapBuilder putTexts(String key, Map<String, String> values) {
    MapBuilder map = new MapBuilder();
    values.forEach((name, value) -> map.put(name, value));
    return put(key, map);
  }

  public MapNode build() {
    return new MapNode(NOWHERE, entries);
  }

  public static ListNode list(Collection<? extends Node> items) {
    return new ListNode(NOWHERE, List.copyOf(items));
  }

  public static ScalarNode text(@Nullable String value) {
    return new ScalarNode(NOWHERE, value);
  }
}
