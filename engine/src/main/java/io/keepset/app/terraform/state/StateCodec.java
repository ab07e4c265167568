package io.keepset.app.terraform.state;

import io.keepset.app.terraform.state.StateOperations.Held;
import io.keepset.app.terraform.state.StateOperations.Kept;
import io.keepset.app.terraform.state.StateOperations.Made;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Terraform's states, their versions and locks as trees and back. */
public final class StateCodec {
  private StateCodec() {}

  public static MapNode encode(List<Kept> states) {
    return new MapBuilder().put("states", states.stream().map(StateCodec::encode).toList()).build();
  }

  public static MapNode versions(String name, List<Made> versions) {
    return new MapBuilder()
        .put("state", name)
        .put("versions", versions.stream().map(StateCodec::encode).toList())
        .build();
  }

  private static MapNode encode(Kept state) {
    MapBuilder map = new MapBuilder().put("name", state.name());
    state.newest().ifPresent(newest -> map.put("newest", encode(newest)));
    state.lock().ifPresent(lock -> map.put("lock", encode(lock)));
    return map.build();
  }

  public static MapNode encode(Made version) {
    return new MapBuilder()
        .put("version", version.version())
        .put("at", version.at())
        .put("by", version.by())
        .put("action", version.action())
        .putNumber("from", version.from())
        .putText("lock_id", version.lockId())
        .put("size", version.size())
        .putNumber("serial", version.serial())
        .putText("lineage", version.lineage())
        .putText("terraform_version", version.program())
        .build();
  }

  private static MapBuilder encode(Held lock) {
    return new MapBuilder()
        .put("id", lock.id())
        .put("by", lock.by())
        .putText("who", lock.who())
        .putText("operation", lock.operation())
        .put("since", lock.since())
        .put("stale", lock.stale());
  }

  /**
   * @throws IllegalArgumentException if the tree holds anything else; so the others
   */
  public static List<Kept> states(MapNode map) {
    List<Kept> states = new ArrayList<>();
    for (MapNode state : items(map, "states")) {
      states.add(
          new Kept(
              text(state, "name"),
              state.map("newest").map(StateCodec::version),
              state.map("lock").map(StateCodec::lock)));
    }
    return states;
  }

  public static List<Made> versions(MapNode map) {
    return items(map, "versions").stream().map(StateCodec::version).toList();
  }

  public static Made version(MapNode map) {
    return new Made(
        Long.parseLong(text(map, "version")),
        Instant.parse(text(map, "at")),
        text(map, "by"),
        text(map, "action"),
        number(map, "from"),
        map.text("lock_id"),
        Long.parseLong(text(map, "size")),
        number(map, "serial"),
        map.text("lineage"),
        map.text("terraform_version"));
  }

  private static Held lock(MapNode map) {
    return new Held(
        text(map, "id"),
        text(map, "by"),
        map.text("who"),
        map.text("operation"),
        Instant.parse(text(map, "since")),
        text(map, "stale").equals("true"));
  }

  private static OptionalLong number(MapNode map, String key) {
    Optional<String> text = map.text(key);
    return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text.get()));
  }

  private static String text(MapNode map, String key) {
    return map.text(key)
        .orElseThrow(() -> new IllegalArgumentException("a state of Terraform without " + key));
  }

  private static List<MapNode> items(MapNode map, String key) {
    List<MapNode> items = new ArrayList<>();
    if (map.get(key).orElse(null) instanceof ListNode list) {
      for (Node item : list.items()) {
        if (item instanceof MapNode one) {
          items.add(one);
        }
      }
    }
    return items;
  }
}
