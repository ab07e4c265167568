package io.keepset.retention;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A backup of which only what differs is said: from nothing, where all that may be empty is, or
 * from {@linkplain Backup#change() another}. Not for several threads.
 */
public final class BackupBuilder {
  private String id;
  private final String database;
  private final String engine;
  private BackupKind kind;
  private BackupState state;
  private final Instant time;
  private Optional<Instant> finished = Optional.empty();
  private OptionalLong size = OptionalLong.empty();
  private OptionalLong storedSize = OptionalLong.empty();
  private Optional<Instant> verifiedAt = Optional.empty();
  private Optional<Instant> expiredAt = Optional.empty();
  private Optional<Instant> deleteAfter = Optional.empty();
  private boolean suspicious;
  private Optional<String> store = Optional.empty();
  private Optional<String> error = Optional.empty();
  private Optional<CopyOf> copyOf = Optional.empty();
  private Optional<Instant> provenAt = Optional.empty();

  public BackupBuilder(
      String id, String database, String engine, BackupKind kind, BackupState state, Instant time) {
    this.id = id;
    this.database = database;
    this.engine = engine;
    this.kind = kind;
    this.state = state;
    this.time = time;
  }

  BackupBuilder(Backup b) {
    this(b.id(), b.database(), b.engine(), b.kind(), b.state(), b.time());
    finished = b.finished();
    size = b.size();
    storedSize = b.storedSize();
    verifiedAt = b.verifiedAt();
    expiredAt = b.expiredAt();
    deleteAfter = b.deleteAfter();
    suspicious = b.suspicious();
    store = b.store();
    error = b.error();
    copyOf = b.copyOf();
    provenAt = b.provenAt();
  }

  public BackupBuilder id(String newId) {
    id = newId;
    return this;
  }

  public BackupBuilder kind(BackupKind newKind) {
    kind = newKind;
    return this;
  }

  public BackupBuilder state(BackupState newState) {
    state = newState;
    return this;
  }

  public BackupBuilder finished(Optional<Instant> newFinished) {
    finished = newFinished;
    return this;
  }

  public BackupBuilder size(OptionalLong newSize) {
    size = newSize;
    return this;
  }

  public BackupBuilder storedSize(OptionalLong newStoredSize) {
    storedSize = newStoredSize;
    return this;
  }

  public BackupBuilder verifiedAt(Optional<Instant> newVerifiedAt) {
    verifiedAt = newVerifiedAt;
    return this;
  }

  public BackupBuilder expiredAt(Optional<Instant> newExpiredAt) {
    expiredAt = newExpiredAt;
    return this;
  }

  public BackupBuilder deleteAfter(Optional<Instant> newDeleteAfter) {
    deleteAfter = newDeleteAfter;
    return this;
  }

  public BackupBuilder suspicious(boolean newSuspicious) {
    suspicious = newSuspicious;
    return this;
  }

  public BackupBuilder store(Optional<String> newStore) {
    store = newStore;
    return this;
  }

  public BackupBuilder error(Optional<String> newError) {
    error = newError;
    return this;
  }

  public BackupBuilder copyOf(Optional<CopyOf> newCopyOf) {
    copyOf = newCopyOf;
    return this;
  }

  public BackupBuilder provenAt(Optional<Instant> newProvenAt) {
    provenAt = newProvenAt;
    return this;
  }

  public Backup build() {
    return new Backup(
        id,
        database,
        engine,
        kind,
        state,
        time,
        finished,
        size,
        storedSize,
        verifiedAt,
        expiredAt,
        deleteAfter,
        suspicious,
        store,
        error,
        copyOf,
        provenAt);
  }
}
