package io.keepset.policy;

import java.time.LocalDate;
import java.util.Optional;

/**
 * Backups of a database are off on purpose.
 *
 * @param disabled true for {@code disabled}, false for {@code paused}
 * @param until the first day on which it no longer holds
 */
public record Suspension(boolean disabled, String reason, Optional<LocalDate> until) {

  /** Whether backups are off on this day. */
  public boolean holdsOn(LocalDate day) {
    return until.isEmpty() || day.isBefore(until.get());
  }
}
