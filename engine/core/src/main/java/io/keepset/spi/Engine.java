package io.keepset.spi;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Protection;
import io.keepset.policy.StoreSpec;
import io.keepset.spi.wal.WriteAheadLog;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** One kind of database, for the runner. A constructor does no I/O. Safe for several threads. */
public interface Engine {
  EngineFacts facts();

  /** What of this protection the engine can't do. Pure, asked at plan time. */
  List<Diagnostic> unsupported(Protection desired);

  /**
   * The same where the stores are known. Who backs up what stores can be made of refuses to take a
   * store for a database: its backups would be read, and a restore would end them.
   *
   * @param stores all that are declared, in force or planned, whoever's backups lie there
   */
  default List<Diagnostic> unsupported(Protection desired, Collection<StoreSpec> stores) {
    return unsupported(desired);
  }

  /** Tools, versions, connection, rights: what is missing, each with its fix. For doctor. */
  List<Diagnostic> check(Source source);

  /** How to ask an instance for its databases, if this kind of database has such a thing. */
  default Optional<Discovery> discovery() {
    return Optional.empty();
  }

  /** Its write-ahead log, if restores to a point in time can be made with it. */
  default Optional<WriteAheadLog> writeAheadLog() {
    return Optional.empty();
  }

  /** How a restore can be tried without touching anybody's database. */
  default Scratch scratch() {
    return Scratch.none("this engine starts no instance of its own");
  }

  /** Starts a dump. */
  Dump dump(Source source) throws DriverException;

  /** Reads an artifact to its end. A bad artifact is a verdict, not an exception. */
  Verdict verify(InputStream artifact) throws DriverException;

  /**
   * Checks, before a byte is written, that this artifact may go there: versions, existing data.
   *
   * @throws DriverException REJECTED with both versions, or what stands in the way
   */
  void checkRestore(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException;

  /** What to do when a restore was killed in its middle, for a message: {@code check …}. */
  default String afterKilledRestore() {
    return "check the database that it went to";
  }

  /** Restores. The caller has verified the artifact and called {@link #checkRestore}. */
  RestoreReport restore(
      InputStream artifact,
      ArtifactFacts facts,
      List<Attachment> attachments,
      Source target,
      RestoreRequest request)
      throws DriverException;

  /**
   * The same. An engine whose server goes on working long after the artifact was read tells how far
   * that is; reading itself is told by the caller.
   */
  default RestoreReport restore(
      InputStream artifact,
      ArtifactFacts facts,
      List<Attachment> attachments,
      Source target,
      RestoreRequest request,
      Progress progress)
      throws DriverException {
    return restore(artifact, facts, attachments, target, request);
  }
}
