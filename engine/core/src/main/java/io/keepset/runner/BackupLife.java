package io.keepset.runner;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupBuilder;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.CopyOf;
import io.keepset.runner.artifact.Manifest;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** The steps from one state of a backup to the next: what each of them changes. */
final class BackupLife {
  /** How the error of a backup begins that only a restore showed to be bad. */
  private static final String DISPROVEN = "found bad when it was restored for a proof: ";

  private BackupLife() {}

  static Backup creating(
      String id, String database, String engine, BackupKind kind, String store, Instant now) {
    return new BackupBuilder(id, database, engine, kind, BackupState.CREATING, now)
        .store(Optional.of(store))
        .build();
  }

  /** The entry that the maker of what was found in a store must have begun with. */
  static Backup found(Manifest m, String store) {
    return creating(m.id(), m.database(), m.engine(), m.kind(), store, m.time())
        .change()
        .copyOf(m.copyOf())
        .build();
  }

  /** A copy of a backup: of the same moment, and suspicious if that is. */
  static Backup copying(String id, Backup original, String name, String store) {
    return creating(
            id, original.database(), original.engine(), BackupKind.COPY, store, original.time())
        .change()
        .suspicious(original.suspicious())
        .copyOf(Optional.of(new CopyOf(original.id(), name)))
        .build();
  }

  /** Its manifest is in the store: the backup counts from now on. */
  static Backup created(
      Backup b, Instant finished, long size, long storedSize, Instant verifiedAt, boolean odd) {
    return b.change()
        .state(BackupState.CREATED)
        .finished(Optional.of(finished))
        .size(OptionalLong.of(size))
        .storedSize(OptionalLong.of(storedSize))
        .verifiedAt(Optional.of(verifiedAt))
        .expiredAt(Optional.empty())
        .deleteAfter(Optional.empty())
        .suspicious(odd)
        .error(Optional.empty())
        .provenAt(Optional.empty())
        .build();
  }

  static Backup failed(Backup b, Instant now, String error) {
    return b.change()
        .state(BackupState.FAILED)
        .finished(b.finished().or(() -> Optional.of(now)))
        .error(Optional.of(error))
        .build();
  }

  /**
   * Whether it was a backup before it was anything else: only a finished one has a size. The bytes
   * of such a one, FAILED or not, are never taken away by a rule for failed runs.
   */
  static boolean wasCreated(Backup b) {
    return b.size().isPresent();
  }

  /** Found bad or gone before, found good now: it is what it was, and its grace is no longer. */
  static Backup goodAgain(Backup b, Instant verifiedAt) {
    return b.change()
        .state(b.expiredAt().isPresent() ? BackupState.EXPIRED : BackupState.CREATED)
        .error(Optional.empty())
        .verifiedAt(Optional.of(verifiedAt))
        .build();
  }

  /** Retention no longer keeps it; it can be restored until its grace ends. */
  static Backup expired(Backup b, Instant now, Instant deleteAfter) {
    return b.change()
        .state(BackupState.EXPIRED)
        .expiredAt(Optional.of(now))
        .deleteAfter(Optional.of(deleteAfter))
        .build();
  }

  /** What it was stays readable: an expired one keeps its dates. */
  static Backup restoring(Backup b) {
    return b.change().state(BackupState.RESTORING).build();
  }

  /** The decision; its bytes go next, and the store stays named until they are gone. */
  static Backup deleted(Backup b) {
    return b.change().state(BackupState.DELETED).build();
  }

  /**
   * A dead run whose objects go next. In this state nothing can make it a backup any more, and who
   * finds it later removes them again.
   */
  static Backup abandoned(Backup creating, String error) {
    return creating
        .change()
        .state(BackupState.DELETED)
        .finished(Optional.empty())
        .expiredAt(Optional.empty())
        .deleteAfter(Optional.empty())
        .error(Optional.of(error))
        .build();
  }

  /** Of all that are DELETED only a dead run has a reason and never ended. */
  static boolean isAbandoned(Backup b) {
    return b.state() == BackupState.DELETED && b.finished().isEmpty() && b.error().isPresent();
  }

  /** Its bytes were seen gone. */
  static Backup gone(Backup b) {
    return b.change().store(Optional.empty()).build();
  }

  static Backup verified(Backup b, Instant at) {
    return b.change().verifiedAt(Optional.of(at)).build();
  }

  /** Verified, and restored for a proof. */
  static Backup proven(Backup b, Instant at) {
    return b.change().verifiedAt(Optional.of(at)).provenAt(Optional.of(at)).build();
  }

  /**
   * Found bad by a restore. Its bytes may be what they were, so that only another proof can make it
   * good again.
   */
  static Backup disproven(Backup b, Instant now, String findings) {
    return failed(b, now, DISPROVEN + findings).change().provenAt(Optional.empty()).build();
  }

  static boolean isDisproven(Backup b) {
    return b.state() == BackupState.FAILED
        && b.error().filter(error -> error.startsWith(DISPROVEN)).isPresent();
  }
}
