package io.keepset.runner;

import io.keepset.retention.Backup;
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
    return new Backup(
        id,
        database,
        engine,
        kind,
        BackupState.CREATING,
        now,
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.of(store),
        Optional.empty());
  }

  /** The entry that the maker of what was found in a store must have begun with. */
  static Backup found(Manifest m, String store) {
    return new Backup(
        m.id(),
        m.database(),
        m.engine(),
        m.kind(),
        BackupState.CREATING,
        m.time(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.of(store),
        Optional.empty(),
        m.copyOf());
  }

  /** A copy of a backup: of the same moment, and suspicious if that is. */
  static Backup copying(String id, Backup original, String name, String store) {
    return new Backup(
        id,
        original.database(),
        original.engine(),
        BackupKind.COPY,
        BackupState.CREATING,
        original.time(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        original.suspicious(),
        Optional.of(store),
        Optional.empty(),
        Optional.of(new CopyOf(original.id(), name)));
  }

  /** Its manifest is in the store: the backup counts from now on. */
  static Backup created(
      Backup b, Instant finished, long size, long storedSize, Instant verifiedAt, boolean odd) {
    return new Backup(
        b.id(),
        b.database(),
        b.engine(),
        b.kind(),
        BackupState.CREATED,
        b.time(),
        Optional.of(finished),
        OptionalLong.of(size),
        OptionalLong.of(storedSize),
        Optional.of(verifiedAt),
        Optional.empty(),
        Optional.empty(),
        odd,
        b.store(),
        Optional.empty(),
        b.copyOf());
  }

  static Backup failed(Backup b, Instant now, String error) {
    return with(
        b,
        BackupState.FAILED,
        b.finished().or(() -> Optional.of(now)),
        b.expiredAt(),
        b.deleteAfter(),
        b.store(),
        Optional.of(error));
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
    return verified(
        with(
            b,
            b.expiredAt().isPresent() ? BackupState.EXPIRED : BackupState.CREATED,
            b.finished(),
            b.expiredAt(),
            b.deleteAfter(),
            b.store(),
            Optional.empty()),
        verifiedAt);
  }

  /** Retention no longer keeps it; it can be restored until its grace ends. */
  static Backup expired(Backup b, Instant now, Instant deleteAfter) {
    return with(
        b,
        BackupState.EXPIRED,
        b.finished(),
        Optional.of(now),
        Optional.of(deleteAfter),
        b.store(),
        b.error());
  }

  /** What it was stays readable: an expired one keeps its dates. */
  static Backup restoring(Backup b) {
    return with(
        b,
        BackupState.RESTORING,
        b.finished(),
        b.expiredAt(),
        b.deleteAfter(),
        b.store(),
        b.error());
  }

  /** The decision; its bytes go next, and the store stays named until they are gone. */
  static Backup deleted(Backup b) {
    return with(
        b, BackupState.DELETED, b.finished(), b.expiredAt(), b.deleteAfter(), b.store(), b.error());
  }

  /**
   * A dead run whose objects go next. In this state nothing can make it a backup any more, and who
   * finds it later removes them again.
   */
  static Backup abandoned(Backup creating, String error) {
    return with(
        creating,
        BackupState.DELETED,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        creating.store(),
        Optional.of(error));
  }

  /** Of all that are DELETED only a dead run has a reason and never ended. */
  static boolean isAbandoned(Backup b) {
    return b.state() == BackupState.DELETED && b.finished().isEmpty() && b.error().isPresent();
  }

  /** Its bytes were seen gone. */
  static Backup gone(Backup b) {
    return with(
        b, b.state(), b.finished(), b.expiredAt(), b.deleteAfter(), Optional.empty(), b.error());
  }

  static Backup verified(Backup b, Instant at) {
    return checked(b, Optional.of(at), b.provenAt());
  }

  /** Verified, and restored for a proof. */
  static Backup proven(Backup b, Instant at) {
    return checked(b, Optional.of(at), Optional.of(at));
  }

  /**
   * Found bad by a restore. Its bytes may be what they were, so that only another proof can make it
   * good again.
   */
  static Backup disproven(Backup b, Instant now, String findings) {
    return checked(failed(b, now, DISPROVEN + findings), b.verifiedAt(), Optional.empty());
  }

  static boolean isDisproven(Backup b) {
    return b.state() == BackupState.FAILED
        && b.error().filter(error -> error.startsWith(DISPROVEN)).isPresent();
  }

  private static Backup checked(
      Backup b, Optional<Instant> verifiedAt, Optional<Instant> provenAt) {
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
        verifiedAt,
        b.expiredAt(),
        b.deleteAfter(),
        b.suspicious(),
        b.store(),
        b.error(),
        b.copyOf(),
        provenAt);
  }

  private static Backup with(
      Backup b,
      BackupState state,
      Optional<Instant> finished,
      Optional<Instant> expiredAt,
      Optional<Instant> deleteAfter,
      Optional<String> store,
      Optional<String> error) {
    return new Backup(
        b.id(),
        b.database(),
        b.engine(),
        b.kind(),
        state,
        b.time(),
        finished,
        b.size(),
        b.storedSize(),
        b.verifiedAt(),
        expiredAt,
        deleteAfter,
        b.suspicious(),
        store,
        error,
        b.copyOf(),
        b.provenAt());
  }
}
