package io.keepset.plan;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Options;
import io.keepset.policy.Origin;
import io.keepset.policy.ProtectionCodec;
import io.keepset.policy.Resolved;
import io.keepset.policy.StoreSpec;
import io.keepset.source.DiagnosticCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a {@link PlanFile} keeps of databases and stores, as trees and back. */
final class ResolvedCodec {
  private ResolvedCodec() {}

  static List<MapNode> encodeAll(SortedMap<String, Resolved> databases, Plan plan) {
    Set<String> changed = new HashSet<>();
    for (Change change : plan.changes()) {
      if (change.action() != Action.NONE) {
        changed.add(change.target().name());
      }
    }
    List<MapNode> nodes = new ArrayList<>(databases.size());
    for (Resolved resolved : databases.values()) {
      nodes.add(encode(resolved, changed.contains(resolved.protection().name())));
    }
    return nodes;
  }

  private static MapNode encode(Resolved resolved, boolean withOrigins) {
    MapBuilder map = new MapBuilder();
    map.put("protection", ProtectionCodec.encode(resolved.protection()));
    map.put("policy", resolved.policy());
    map.put("declared_at", DiagnosticCodec.location(resolved.declaredAt()));
    if (withOrigins) {
      MapBuilder origins = new MapBuilder();
      for (Map.Entry<String, Origin> origin : resolved.origins().entrySet()) {
        MapBuilder one = new MapBuilder().put("level", origin.getValue().level());
        Location at = origin.getValue().at();
        if (at != null) {
          one.put("at", DiagnosticCodec.location(at));
        }
        origins.put(origin.getKey(), one);
      }
      map.put("origins", origins);
    }
    return map.build();
  }

  static SortedMap<String, Resolved> decodeAll(MapNode content) {
    TreeMap<String, Resolved> databases = new TreeMap<>();
    for (MapNode map : content.maps("databases")) {
      TreeMap<String, Origin> origins = new TreeMap<>();
      for (MapNode.Entry entry : map.map("origins").map(MapNode::entries).orElse(List.of())) {
        if (entry.value() instanceof MapNode origin) {
          origins.put(
              entry.key(),
              new Origin(
                  text(origin, "level"),
                  origin.map("at").map(ResolvedCodec::location).orElse(null)));
        }
      }
      Resolved resolved =
          new Resolved(
              ProtectionCodec.decode(map(map, "protection")),
              text(map, "policy"),
              origins,
              location(map(map, "declared_at")));
      databases.put(resolved.protection().name(), resolved);
    }
    return databases;
  }

  static StoreSpec store(MapNode map) {
    TreeMap<String, String> options = new TreeMap<>();
    MapNode values = map(map, "options");
    for (String key : values.keys()) {
      options.put(key, text(values, key));
    }
    return new StoreSpec(
        text(map, "name"), text(map, "type"), new Options(options), location(map(map, "at")));
  }

  static Location location(MapNode map) {
    return new Location(
        text(map, "file"),
        Integer.parseInt(text(map, "line")),
        Integer.parseInt(text(map, "column")));
  }

  static MapNode map(MapNode map, String key) {
    return map.map(key).orElseThrow(() -> missing(key));
  }

  static String text(MapNode map, String key) {
    return map.text(key).orElseThrow(() -> missing(key));
  }

  private static IllegalArgumentException missing(String key) {
    return new IllegalArgumentException("plan file without " + key);
  }
}
