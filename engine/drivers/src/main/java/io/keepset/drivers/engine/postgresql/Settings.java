package io.keepset.drivers.engine.postgresql;

import io.keepset.policy.Durations;
import io.keepset.policy.Options;
import java.time.Duration;

/** The engine's options that need more than a look-up. */
final class Settings {
  private Settings() {}

  /** How long a dump waits for a lock that somebody holds. */
  static Duration lockWait(Options options) {
    return options.get("lock_wait").flatMap(Durations::parse).orElse(Duration.ofSeconds(30));
  }
}
