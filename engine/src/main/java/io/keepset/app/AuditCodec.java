package io.keepset.app;

import io.keepset.app.state.Audit;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.time.Instant;

/** Entries of the audit as trees and back. */
public final class AuditCodec {
  private AuditCodec() {}

  public static MapNode encode(Audit.Entry entry) {
    return new MapBuilder()
        .put("at", entry.at())
        .put("by", entry.actor())
        .put("action", entry.action())
        .put("target", entry.target())
        .putText("detail", entry.detail())
        .build();
  }

  /**
   * @throws IllegalArgumentException if the tree holds anything else
   */
  public static Audit.Entry decode(MapNode map) {
    return new Audit.Entry(
        Instant.parse(text(map, "at")),
        text(map, "by"),
        text(map, "action"),
        text(map, "target"),
        map.text("detail"));
  }

  private static String text(MapNode map, String key) {
    return map.text(key)
        .orElseThrow(() -> new IllegalArgumentException("an audit entry without " + key));
  }
}
