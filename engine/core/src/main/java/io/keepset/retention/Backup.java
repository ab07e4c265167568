package io.keepset.retention;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One restore point, as the catalogue knows it.
 *
 * @param id unique over all databases, sorts by time: {@code orders-20261121T020700Z-x7k2}
 * @param time the moment that the data shows (start of the dump)
 * @param finished when the run ended, well or not
 * @param size bytes that {@code download} would hand out
 * @param storedSize bytes in the store
 * @param verifiedAt when its bytes were last read back and found good
 * @param expiredAt when retention stopped keeping it
 * @param deleteAfter when grace ends, for expired ones
 * @param suspicious so much smaller than its predecessors that it does not count
 * @param error why it failed, in words for people; no secrets
 * @param copyOf what it is a copy of; its time is that of the data, so the original's
 * @param provenAt when it was last restored into a scratch instance and nothing was missing there
 */
public record Backup(
    String id,
    String database,
    String engine,
    BackupKind kind,
    BackupState state,
    Instant time,
    Optional<Instant> finished,
    OptionalLong size,
    OptionalLong storedSize,
    Optional<Instant> verifiedAt,
    Optional<Instant> expiredAt,
    Optional<Instant> deleteAfter,
    boolean suspicious,
    Optional<String> store,
    Optional<String> error,
    Optional<CopyOf> copyOf,
    Optional<Instant> provenAt) {
  public Backup {
    if (copyOf.isPresent() && kind != BackupKind.COPY) {
      throw new IllegalArgumentException(id + " is a copy and yet of kind " + kind);
    }
  }

  /** The same, for somebody to say what is different. */
  public BackupBuilder change() {
    return new BackupBuilder(this);
  }

  public boolean verified() {
    return verifiedAt.isPresent();
  }

  /** The same, as it is once retention keeps it again: what its grace left behind is forgotten. */
  public Backup keptAgain() {
    return in(BackupState.CREATED, Optional.empty(), Optional.empty());
  }

  /** The same, as it will be when the restore that reads it has ended. */
  public Backup settled() {
    if (state != BackupState.RESTORING) {
      return this;
    }
    return expiredAt.isEmpty() ? keptAgain() : in(BackupState.EXPIRED, expiredAt, deleteAfter);
  }

  Backup in(
      BackupState newState, Optional<Instant> newExpiredAt, Optional<Instant> newDeleteAfter) {
    return change().state(newState).expiredAt(newExpiredAt).deleteAfter(newDeleteAfter).build();
  }
}
