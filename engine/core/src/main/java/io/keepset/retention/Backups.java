package io.keepset.retention;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Backups that are thought of, not made; and given ones with one thing about them changed. */
final class Backups {
  private Backups() {}

  /** A good run of a schedule. */
  static Backup scheduled(String id, String database, Instant time, OptionalLong size) {
    return new Backup(
        id,
        database,
        "",
        BackupKind.SCHEDULED,
        BackupState.CREATED,
        time,
        Optional.of(time),
        size,
        size,
        Optional.of(time),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty());
  }

  static Backup suspicious(Backup b, boolean suspicious) {
    return new Backup(
        b.id(),
        b.database(),
        b.engine(),
        b.kind(),
        b.state(),
        b.time(),
        b.finished(),
        b.size(),
        b.storedSize(),
        b.verifiedAt(),
        b.expiredAt(),
        b.deleteAfter(),
        suspicious,
        b.store(),
        b.error(),
        b.copyOf(),
        b.provenAt());
  }
}
