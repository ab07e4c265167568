package io.keepset.app;

import io.keepset.plan.LiveTarget;
import io.keepset.policy.Protection;
import io.keepset.policy.ProtectionCodec;
import io.keepset.policy.TargetId;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.Optional;

/** A database that a platform has, as a tree and back. */
public final class LiveTargetCodec {
  private LiveTargetCodec() {}

  public static MapNode encode(LiveTarget live) {
    MapBuilder map =
        new MapBuilder()
            .put("name", live.target().name())
            .put("platform", live.target().platform())
            .put("owned", live.owned());
    live.protection().ifPresent(p -> map.put("protection", ProtectionCodec.encode(p)));
    return map.build();
  }

  /**
   * @throws IllegalArgumentException if the tree is not what {@link #encode} makes
   */
  public static LiveTarget decode(MapNode map) {
    TargetId target =
        new TargetId(map.text("platform").orElse("runner"), map.text("name").orElseThrow());
    Optional<Protection> protection = map.map("protection").map(ProtectionCodec::decode);
    return new LiveTarget(target, protection, map.text("owned").orElse("true").equals("true"));
  }
}
