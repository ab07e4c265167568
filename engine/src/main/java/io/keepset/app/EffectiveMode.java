package io.keepset.app;

import io.keepset.policy.Mode;
import io.keepset.policy.Settings;
import java.util.Optional;

/** Which mode holds: the one asked for, else that of the repository, else the cautious one. */
public final class EffectiveMode {
  /** Until guards ask for approval of what weakens, nothing that weakens happens unasked. */
  public static final Mode DEFAULT = Mode.ADDITIVE;

  private EffectiveMode() {}

  public static Mode of(Optional<Mode> asked, Settings settings) {
    return asked.or(settings::mode).orElse(DEFAULT);
  }
}
