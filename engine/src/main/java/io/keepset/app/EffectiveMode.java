package io.keepset.app;

import io.keepset.policy.Mode;
import io.keepset.policy.Settings;
import java.util.Optional;

/** Which mode holds: the one asked for, else that of the repository, else the whole plan. */
public final class EffectiveMode {
  /** What weakens needs an approval, so a plan does what it says. */
  public static final Mode DEFAULT = Mode.FULL;

  private EffectiveMode() {}

  public static Mode of(Optional<Mode> asked, Settings settings) {
    return asked.or(settings::mode).orElse(DEFAULT);
  }
}
