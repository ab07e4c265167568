package io.keepset.policy;

import java.util.Locale;
import java.util.Optional;

/** How far apply may go. */
public enum Mode {
  /** Reads and plans, writes nothing. */
  OBSERVE,
  /** Creates and strengthens, never weakens or deletes. */
  ADDITIVE,
  /** Does what the plan says. */
  FULL;

  /** As it stands in policy files: {@code additive}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Mode> of(String word) {
    for (Mode mode : values()) {
      if (mode.word().equals(word)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }
}
