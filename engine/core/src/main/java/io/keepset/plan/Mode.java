package io.keepset.plan;

import java.util.Locale;
import java.util.Optional;

/** How far an apply may go. */
public enum Mode {
  /** Look and report, never write. */
  OBSERVE,
  /** Never weaken and never delete: such changes are shown and held back. */
  ADDITIVE,
  /** Everything that the guards let through. */
  FULL;

  /** As in settings, options and machine output: {@code additive}. */
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

  /** True if a change is written in this mode; findings and unchanged databases never are. */
  public boolean permits(Change change) {
    if (!change.action().writes()) {
      return false;
    }
    return switch (this) {
      case OBSERVE -> false;
      case ADDITIVE -> change.action() != Action.DELETE && !change.weakens();
      case FULL -> true;
    };
  }
}
