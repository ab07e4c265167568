package io.keepset.policy;

import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A protection as the blocks that a person would write for it, with nothing left to levels. */
public final class ProtectionBlocks {
  private static final List<String> RULES =
      List.of(
          "schedule", "retention", "point_in_time", "copy", "final_backup", "grace", "objective");

  private ProtectionBlocks() {}

  /** The body of its policy. */
  public static MapNode policy(Protection protection) {
    MapNode all = ProtectionCodec.encode(protection);
    MapBuilder body = new MapBuilder();
    for (String key : RULES) {
      all.get(key).filter(ProtectionBlocks::says).ifPresent(value -> body.put(key, value));
    }
    return body.build();
  }

  /** The body of its database block. */
  public static MapNode database(Protection protection, String policy) {
    MapBuilder body =
        new MapBuilder()
            .put("engine", protection.engine())
            .put("platform", protection.target().platform())
            .put("policy", policy)
            .putText("store", protection.store());
    MapNode all = ProtectionCodec.encode(protection);
    all.get("labels").filter(ProtectionBlocks::says).ifPresent(map -> body.put("labels", map));
    Optional<SchemaFile> schema = SchemaFile.engine(protection.engine());
    part(body, "connection", protection.connection(), schema);
    part(body, "options", StoreFields.own(protection.options()), schema);
    all.get("backups").ifPresent(off -> body.put("backups", off));
    return body.build();
  }

  /** The body of a store's block. */
  public static MapNode store(StoreSpec store) {
    MapBuilder body = new MapBuilder().put("type", store.type());
    nested(store.options().values(), SchemaFile.store(store.type()).map(file -> file.shape("")))
        .entries()
        .forEach(entry -> body.put(entry.key(), entry.value()));
    return body.build();
  }

  private static void part(
      MapBuilder body, String name, Options options, Optional<SchemaFile> schema) {
    if (!options.values().isEmpty()) {
      body.put(
          name, nested(options.values(), schema.map(file -> file.shape("/properties/" + name))));
    }
  }

  private static boolean says(Node node) {
    return !(node instanceof MapNode map && map.isEmpty());
  }

  /** Undoes what {@link Options} flattened; numbers and flags where the schema wants them. */
  private static MapNode nested(SortedMap<String, String> flat, Optional<Shape> shape) {
    MapBuilder map = new MapBuilder();
    Map<String, SortedMap<String, String>> below = new TreeMap<>();
    Map<String, List<Node>> lists = new TreeMap<>();
    for (String key : inOrder(flat)) {
      String value = String.valueOf(flat.get(key));
      int dot = key.indexOf('.');
      int bracket = key.indexOf('[');
      if (dot > 0 && (bracket < 0 || dot < bracket)) {
        below
            .computeIfAbsent(key.substring(0, dot), unused -> new TreeMap<>())
            .put(key.substring(dot + 1), value);
      } else if (bracket > 0) {
        String name = key.substring(0, bracket);
        Optional<Shape> items = shape.flatMap(s -> s.child(name)).flatMap(s -> s.child("0"));
        lists.computeIfAbsent(name, unused -> new ArrayList<>()).add(scalar(value, items));
      } else {
        map.put(key, scalar(value, shape.flatMap(s -> s.child(key))));
      }
    }
    below.forEach((key, values) -> map.put(key, nested(values, shape.flatMap(s -> s.child(key)))));
    lists.forEach((key, items) -> map.put(key, items));
    return map.build();
  }

  /** Items of a list by their number: 2 before 10. */
  private static List<String> inOrder(SortedMap<String, String> flat) {
    List<String> keys = new ArrayList<>(flat.keySet());
    keys.sort(
        (one, other) -> {
          int first = one.indexOf('[');
          boolean sameList =
              first > 0
                  && other.indexOf('[') == first
                  && one.regionMatches(0, other, 0, first)
                  && one.length() != other.length();
          return sameList ? one.length() - other.length() : one.compareTo(other);
        });
    return keys;
  }

  private static ScalarNode scalar(String text, Optional<Shape> shape) {
    ScalarNode plain = MapBuilder.text(text);
    if (shape.isEmpty() || shape.get().hasTypeOf(plain)) {
      return plain;
    }
    if (text.equals("true") || text.equals("false")) {
      return new ScalarNode(plain.at(), Boolean.valueOf(text));
    }
    return text.matches("-?[0-9]{1,18}") ? new ScalarNode(plain.at(), Long.valueOf(text)) : plain;
  }
}
