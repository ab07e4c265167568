package io.keepset.app;

import io.keepset.diagnostic.Location;
import io.keepset.policy.DeclaredHold;
import io.keepset.policy.HeldDays;
import io.keepset.policy.Hold;
import io.keepset.policy.HoldCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import io.keepset.spi.HoldOperations.InForce;
import io.keepset.spi.HoldOperations.Kind;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeMap;

/** Holds in force, and holds in files with their places, as trees and back. */
public final class HoldInForceCodec {
  private HoldInForceCodec() {}

  public static MapNode encode(InForce hold) {
    TreeMap<String, String> covers = new TreeMap<>();
    hold.databases().forEach((database, days) -> covers.put(database, days.text()));
    MapBuilder map = extend(hold.hold()).put("kind", hold.kind().name().toLowerCase(Locale.ROOT));
    if (!hold.place().isEmpty()) {
      map.put("place", hold.place());
    }
    return map.put("since", hold.since()).put("by", hold.by()).putTexts("covers", covers).build();
  }

  /**
   * @throws IllegalArgumentException if the tree holds anything else
   */
  public static InForce decode(MapNode map) {
    TreeMap<String, HeldDays> covers = new TreeMap<>();
    MapNode databases = map.map("covers").orElseThrow(HoldInForceCodec::wrong);
    for (String database : databases.keys()) {
      covers.put(
          database,
          databases.text(database).flatMap(HeldDays::parse).orElseThrow(HoldInForceCodec::wrong));
    }
    return new InForce(
        hold(map),
        Kind.valueOf(text(map, "kind").toUpperCase(Locale.ROOT)),
        map.text("place").orElse(""),
        Instant.parse(text(map, "since")),
        text(map, "by"),
        covers);
  }

  public static MapNode encode(DeclaredHold declared) {
    Location at = declared.at();
    return extend(declared.hold())
        .put("file", at.file())
        .put("line", at.line())
        .put("column", at.column())
        .build();
  }

  /**
   * @throws IllegalArgumentException if the tree holds anything else
   */
  public static DeclaredHold declared(MapNode map) {
    Location at =
        new Location(
            text(map, "file"),
            Integer.parseInt(text(map, "line")),
            Integer.parseInt(text(map, "column")));
    return new DeclaredHold(hold(map), at, at);
  }

  private static MapBuilder extend(Hold hold) {
    MapBuilder map = new MapBuilder();
    MapNode terms = HoldCodec.encode(hold);
    for (MapNode.Entry entry : terms.entries()) {
      Node value = entry.value();
      map.put(
          entry.key(), value instanceof ScalarNode scalar ? MapBuilder.text(scalar.text()) : value);
    }
    return map;
  }

  private static Hold hold(MapNode map) {
    return HoldCodec.decode(map).orElseThrow(HoldInForceCodec::wrong);
  }

  private static String text(MapNode map, String key) {
    return map.text(key).orElseThrow(HoldInForceCodec::wrong);
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException(
        "a hold has a name, a reason, review_by as a day, and databases or labels");
  }
}
