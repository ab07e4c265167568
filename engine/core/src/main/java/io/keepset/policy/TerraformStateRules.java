package io.keepset.policy;

import io.keepset.policy.Retention.Tier;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the states are kept that Terraform writes through us.
 *
 * @param versions which former versions are kept; the newest always is
 * @param largest how many bytes a state may have
 * @param staleLock the age from which on a lock is shown as stale; it is never broken by itself
 * @param key a reference to the keys that seal states; empty means the key of the data directory
 */
public record TerraformStateRules(
    Retention versions, long largest, Duration staleLock, Optional<String> key) {
  /** No state is smaller. */
  static final long LEAST_SIZE = 1L << 10;

  /** A state is held in memory as a whole, several times. */
  static final long MOST_SIZE = 1L << 29;

  public static final TerraformStateRules DEFAULT =
      new TerraformStateRules(
          new Retention(
              50,
              new TreeMap<>(Map.of(Tier.DAILY, 30, Tier.MONTHLY, 12)),
              new TreeMap<>(),
              Retention.FOREVER,
              1),
          64L << 20,
          Duration.ofHours(4),
          Optional.empty());
}
