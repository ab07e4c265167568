package io.keepset.app;

import io.keepset.plan.Spent;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Used approvals as JSON, between a command and a server. */
public final class SpentCodec {
  private static final String LIST = "spent";

  private SpentCodec() {}

  public static MapNode encode(Collection<Spent> all) {
    List<MapNode> nodes = new ArrayList<>();
    for (Spent spent : all) {
      nodes.add(
          new MapBuilder()
              .put("digest", spent.digest())
              .put("name", spent.name())
              .put("plan", spent.planHash())
              .put("revision", spent.revision())
              .put("at", spent.at())
              .build());
    }
    return new MapBuilder().put(LIST, nodes).build();
  }

  /**
   * @throws IllegalArgumentException if something is missing
   */
  public static List<Spent> decode(MapNode map) {
    List<Spent> all = new ArrayList<>();
    if (!(map.get(LIST).orElse(null) instanceof ListNode list)) {
      throw new IllegalArgumentException("there is no list of " + LIST);
    }
    for (Node item : list.items()) {
      if (!(item instanceof MapNode one)) {
        throw new IllegalArgumentException("a used approval is an object");
      }
      try {
        all.add(
            new Spent(
                text(one, "digest"),
                text(one, "name"),
                text(one, "plan"),
                text(one, "revision"),
                Instant.parse(text(one, "at"))));
      } catch (DateTimeException e) {
        throw new IllegalArgumentException("at is no time: " + e.getMessage(), e);
      }
    }
    return all;
  }

  private static String text(MapNode map, String key) {
    return map.text(key).orElseThrow(() -> new IllegalArgumentException("there is no " + key));
  }
}
