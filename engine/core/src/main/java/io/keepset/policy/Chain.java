package io.keepset.policy;

import io.keepset.diagnostic.Location;
import io.keepset.source.MapNode;
import java.util.List;
import java.util.Optional;

/**
 * Defaults, environment and policy laid over each other: what all databases with the same two names
 * share. Immutable, and the same object as long as none of its blocks changes.
 *
 * @param rules what the levels decide; wrong values are left out
 * @param sound false if a level holds a value of the wrong form
 */
record Chain(
    Optional<Declared> settings,
    Optional<Declared> environment,
    Declared policy,
    boolean builtIn,
    Levels levels,
    Rules rules,
    boolean sound) {

  static Chain of(
      Optional<Declared> settings,
      Optional<Declared> environment,
      Declared policy,
      boolean builtIn) {
    Levels levels = Levels.none(new MapNode(policy.at(), List.of()));
    Optional<MapNode> defaults = settings.flatMap(block -> block.body().map("defaults"));
    if (defaults.isPresent()) {
      levels = levels.lay("keepset.defaults", false, defaults.get());
    }
    if (environment.isPresent()) {
      Declared block = environment.get();
      levels = levels.lay("environment " + block.name(), false, block.body());
    }
    String level = (builtIn ? "built-in policy " : "policy ") + policy.name();
    levels = levels.lay(level, builtIn, policy.body());
    Reading reading = new Reading();
    Rules rules = Rules.read(levels.tree(), reading);
    return new Chain(settings, environment, policy, builtIn, levels, rules, !reading.trouble());
  }

  @SuppressWarnings("ReferenceEquality") // equal trees may stand in other places
  boolean isOf(
      Optional<Declared> otherSettings, Optional<Declared> otherEnvironment, Declared other) {
    return same(settings, otherSettings)
        && same(environment, otherEnvironment)
        && policy.body() == other.body();
  }

  @SuppressWarnings("ReferenceEquality") // as above
  private static boolean same(Optional<Declared> one, Optional<Declared> other) {
    return one.map(Declared::body).orElse(null) == other.map(Declared::body).orElse(null);
  }

  /** What it is known by; without an environment that name is empty. */
  Names names() {
    return new Names(environment.map(Declared::name).orElse(""), policy.name());
  }

  record Names(String environment, String policy) {}

  Location at() {
    return policy.at();
  }
}
