package io.keepset.reconcile;

import io.keepset.plan.Change;
import io.keepset.retention.Backup;
import java.util.Optional;

/**
 * What became of one change.
 *
 * @param message why it failed or was skipped, for people, no secrets; empty if it is done
 * @param finalBackup the one that was taken when protection ended, if one was
 */
public record Outcome(
    Change change, Status status, Optional<String> message, Optional<Backup> finalBackup) {
  /** How a change ended. */
  public enum Status {
    DONE,
    FAILED,
    /** Not tried, because something that must come before it did not succeed. */
    SKIPPED
  }

  static Outcome done(Change change, Optional<Backup> finalBackup) {
    return new Outcome(change, Status.DONE, Optional.empty(), finalBackup);
  }

  static Outcome failed(Change change, String message) {
    return new Outcome(change, Status.FAILED, Optional.of(message), Optional.empty());
  }

  static Outcome skipped(Change change, String message) {
    return new Outcome(change, Status.SKIPPED, Optional.of(message), Optional.empty());
  }
}
