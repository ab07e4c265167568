package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.tool.ToolCommand;
import io.keepset.policy.Durations;
import io.keepset.policy.Options;
import java.time.Duration;

/** The engine's options that need more than a look-up. */
final class Settings {
  private Settings() {}

  /** How long a dump waits for a lock that somebody holds. */
  static Duration lockWait(Options options) {
    return duration(options, "lock_wait", Duration.ofSeconds(30));
  }

  /** How long pg_dump may say nothing. */
  static Duration patience(Options options) {
    return duration(options, "silence_limit", ToolCommand.PATIENCE);
  }

  private static Duration duration(Options options, String key, Duration otherwise) {
    return options.get(key).flatMap(Durations::parse).orElse(otherwise);
  }
}
