package io.keepset.retention;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Backups that are thought of, not made. */
final class Backups {
  private Backups() {}

  /** A good run of a schedule. */
  static Backup scheduled(String id, String database, Instant time, OptionalLong size) {
    return new BackupBuilder(id, database, "", BackupKind.SCHEDULED, BackupState.CREATED, time)
        .finished(Optional.of(time))
        .size(size)
        .storedSize(size)
        .verifiedAt(Optional.of(time))
        .build();
  }
}
