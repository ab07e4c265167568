package io.keepset.drivers.tool;

import io.keepset.policy.Durations;
import io.keepset.policy.Options;
import java.time.Duration;

/**
 * How long whom an engine waits for may say nothing, before it counts as hung: two options that the
 * schemas of all engines with such a limit know by the same names.
 */
public final class Silence {
  /** One index may take hours, in which nothing is read; only a day of silence is a hang. */
  private static final Duration RESTORE = Duration.ofHours(24);

  private Silence() {}

  /** Option {@code silence_limit}; as a rule longer than the slowest catalogue query. */
  public static Duration whileDumping(Options options) {
    return options.get("silence_limit").flatMap(Durations::parse).orElse(ToolCommand.PATIENCE);
  }

  /** Option {@code restore_silence_limit}. */
  public static Duration whileRestoring(Options options) {
    return options.get("restore_silence_limit").flatMap(Durations::parse).orElse(RESTORE);
  }
}
