package io.keepset.app;

import io.keepset.plan.PlanJson;
import io.keepset.plan.Revision;
import io.keepset.policy.Instance;
import io.keepset.policy.InstanceCodec;
import io.keepset.policy.Protection;
import io.keepset.policy.ProtectionCodec;
import io.keepset.policy.TargetId;
import io.keepset.reconcile.InForce;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is in force as a tree, and back. */
public final class InForceCodec {
  private InForceCodec() {}

  public static MapNode encode(InForce inForce) {
    List<MapNode> ended = new ArrayList<>();
    for (TargetId target : inForce.ended()) {
      ended.add(
          new MapBuilder().put("platform", target.platform()).put("name", target.name()).build());
    }
    return new MapBuilder()
        .put("revision", PlanJson.revision(inForce.revision()))
        .put("hash", inForce.planHash())
        .put("changes", inForce.changes())
        .put("failures", inForce.failures())
        .put("kept", inForce.kept().values().stream().map(ProtectionCodec::encode).toList())
        .put("ended", ended)
        .put("instances", inForce.instances().stream().map(InstanceCodec::encode).toList())
        .build();
  }

  /**
   * @throws IllegalArgumentException if the tree is not what {@link #encode} makes
   */
  public static InForce decode(MapNode map) {
    MapNode revision = map.map("revision").orElseThrow(() -> lacks("revision"));
    SortedMap<TargetId, Protection> kept = new TreeMap<>();
    for (MapNode item : map.maps("kept")) {
      Protection protection = ProtectionCodec.decode(item);
      kept.put(protection.target(), protection);
    }
    SortedSet<TargetId> ended = new TreeSet<>();
    for (MapNode item : map.maps("ended")) {
      ended.add(new TargetId(text(item, "platform"), text(item, "name")));
    }
    List<Instance> instances = new ArrayList<>();
    for (MapNode item : map.maps("instances")) {
      instances.add(InstanceCodec.decode(item));
    }
    return new InForce(
        new Revision(text(revision, "id"), text(revision, "dirty").equals("true")),
        text(map, "hash"),
        Integer.parseInt(text(map, "changes")),
        Integer.parseInt(text(map, "failures")),
        kept,
        ended,
        instances);
  }

  private static String text(MapNode map, String key) {
    return map.text(key).orElseThrow(() -> lacks(key));
  }

  private static IllegalArgumentException lacks(String key) {
    return new IllegalArgumentException("it has no " + key);
  }
}
