package io.keepset.app;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Options;
import io.keepset.policy.StoreSpec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.ScalarNode;
import java.util.TreeMap;

/** A declared store as a tree and back; secrets in it are references. */
public final class StoreSpecCodec {
  private StoreSpecCodec() {}

  public static MapNode encode(StoreSpec spec) {
    return new MapBuilder()
        .put("name", spec.name())
        .put("type", spec.type())
        .putTexts("options", spec.options().values())
        .put("file", spec.at().file())
        .put("line", spec.at().line())
        .build();
  }

  /**
   * @throws IllegalArgumentException if the tree is not what {@link #encode} makes
   */
  public static StoreSpec decode(MapNode map) {
    TreeMap<String, String> options = new TreeMap<>();
    map.map("options")
        .ifPresent(
            node ->
                node.entries()
                    .forEach(
                        entry -> {
                          if (entry.value() instanceof ScalarNode scalar) {
                            options.put(entry.key(), scalar.text());
                          }
                        }));
    return new StoreSpec(
        map.text("name").orElseThrow(() -> new IllegalArgumentException("a store without name")),
        map.text("type").orElseThrow(() -> new IllegalArgumentException("a store without type")),
        new Options(options),
        new Location(
            map.text("file").orElse("request"),
            map.text("line").map(Integer::parseInt).orElse(1),
            1));
  }
}
