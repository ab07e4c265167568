package io.keepset.policy;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Instance.Exclusion;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** An instance as a tree in the words of the policy language, and back. */
public final class InstanceCodec {
  private InstanceCodec() {}

  /** With its name and place, so that it can travel without its file. */
  public static MapNode encode(Instance instance) {
    MapBuilder excluded = new MapBuilder();
    instance
        .excluded()
        .forEach(
            (name, why) ->
                excluded.put(
                    name,
                    new MapBuilder()
                        .put("reason", why.reason())
                        .putText("until", why.until().map(Object::toString))));
    return new MapBuilder()
        .put("name", instance.name())
        .put("engine", instance.engine())
        .putTexts("connection", instance.connection().values())
        .putTexts("options", instance.options().values())
        .put("discover", instance.discover())
        .put("excluded", excluded)
        .put("file", instance.at().file())
        .put("line", instance.at().line())
        .put("column", instance.at().column())
        .build();
  }

  /**
   * @throws IllegalArgumentException if the tree is not what {@link #encode} makes
   */
  public static Instance decode(MapNode map) {
    Reading reading = new Reading();
    Location at =
        new Location(
            reading.text(map, "file").orElse("request"),
            Math.max(1, reading.count(map, "line").orElse(1)),
            Math.max(1, reading.count(map, "column").orElse(1)));
    Optional<Instance> instance =
        reading.text(map, "name").flatMap(name -> read(name, map, at, reading));
    if (instance.isEmpty() || reading.trouble()) {
      throw new IllegalArgumentException("not an encoded instance: " + map);
    }
    return instance.get();
  }

  /** A block that the schema has judged; empty if a mistake was found in it. */
  static Optional<Instance> of(Declared block) {
    Reading reading = new Reading();
    Optional<Instance> instance = read(block.name(), block.body(), block.at(), reading);
    return reading.trouble() ? Optional.empty() : instance;
  }

  private static Optional<Instance> read(String name, MapNode map, Location at, Reading reading) {
    SortedMap<String, Exclusion> excluded = new TreeMap<>();
    for (MapNode.Entry entry : reading.map(map, "excluded").entries()) {
      if (entry.value() instanceof MapNode why) {
        excluded.put(
            entry.key(),
            new Exclusion(reading.text(why, "reason").orElse(""), reading.day(why, "until")));
      }
    }
    return reading
        .text(map, "engine")
        .map(
            engine ->
                new Instance(
                    name,
                    engine,
                    new Options(reading.flat(reading.map(map, "connection"))),
                    new Options(reading.flat(reading.map(map, "options"))),
                    reading.flag(map, "discover").orElse(false),
                    excluded,
                    at));
  }
}
