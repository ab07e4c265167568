package io.keepset.policy;

import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.Optional;

/** The {@code terraform} of a {@code keepset} block, read and written alike. */
public final class TerraformStateCodec {
  private static final String TERRAFORM = "terraform";
  private static final String STATE = "state";
  private static final String VERSIONS = "versions";
  private static final String LARGEST = "largest";

  private TerraformStateCodec() {}

  public static TerraformStateRules decode(MapNode settings) {
    Reading reading = new Reading();
    MapNode state = reading.map(reading.map(settings, TERRAFORM), STATE);
    TerraformStateRules otherwise = TerraformStateRules.DEFAULT;
    Optional<MapNode> versions = state.map(VERSIONS);
    return new TerraformStateRules(
        versions.isEmpty()
            ? otherwise.versions()
            : Rules.retention(reading.map(state, VERSIONS), reading),
        largest(state).orElse(otherwise.largest()),
        reading.duration(state, "stale_lock").orElse(otherwise.staleLock()),
        reading.text(state, "key"));
  }

  private static Optional<Long> largest(MapNode state) {
    return new Reading()
        .text(state, LARGEST)
        .flatMap(text -> Sizes.parse(text).stream().boxed().findFirst());
  }

  /** True if a state may be larger than one can be handled, or nothing fits. */
  static boolean isWrong(MapNode settings) {
    Reading reading = new Reading();
    return largest(reading.map(reading.map(settings, TERRAFORM), STATE))
        .filter(
            size -> size < TerraformStateRules.LEAST_SIZE || size > TerraformStateRules.MOST_SIZE)
        .isPresent();
  }

  /** Adds to a map what {@link #decode} reads from it. */
  public static MapBuilder encode(MapBuilder settings, TerraformStateRules rules) {
    return settings.put(
        TERRAFORM,
        new MapBuilder()
            .put(
                STATE,
                new MapBuilder()
                    .put(VERSIONS, ProtectionCodec.encode(rules.versions()))
                    .put(LARGEST, rules.largest() + "B")
                    .put("stale_lock", Durations.format(rules.staleLock()))
                    .putText("key", rules.key())));
  }
}
