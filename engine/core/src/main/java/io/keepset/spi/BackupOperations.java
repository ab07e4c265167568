package io.keepset.spi;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What can be done with the backups of one platform. All calls block until done. */
public interface BackupOperations {
  /**
   * Makes a backup now and verifies it.
   *
   * @return the backup, CREATED, or FAILED with its error
   */
  Backup create(String database, BackupKind kind, Progress progress) throws DriverException;

  /** Writes the engine's own file format. */
  void download(String backupId, OutputStream to, Progress progress) throws DriverException;

  /**
   * What a file of a {@link #download} is to be called: the backup's id, and the extension of its
   * format. The id alone if the format can't be told: no extension is better than a wrong one.
   */
  default String fileName(String backupId) throws DriverException {
    return backupId;
  }

  /**
   * Where its stored bytes can be fetched for a while.
   *
   * @throws DriverException REJECTED if the store has no addresses for that
   */
  default BackupAddress address(String backupId, Duration validFor) throws DriverException {
    throw new DriverException(
        DriverException.Kind.REJECTED, "backups of this platform have no address");
  }

  /** Takes a file of the engine's own format; it is checked before it counts. */
  Backup upload(String database, InputStream from, Progress progress) throws DriverException;

  /** Restores a backup; version rules are checked before anything is touched. */
  RestoreReport restore(String backupId, RestoreRequest request, Progress progress)
      throws DriverException;

  /** Reads it back: checksum and the engine's own check of the artifact. */
  Verdict verify(String backupId, Progress progress) throws DriverException;

  /**
   * Verifies it, and restores it into an instance that is started for this alone. Never falls back
   * to less: where none can be started it is REJECTED.
   *
   * @param place directory for what the instance needs; empty for the platform's own choice
   * @return bad if the backup is damaged, or what came back is not what was backed up
   */
  default Verdict prove(String backupId, Optional<Path> place, Progress progress)
      throws DriverException {
    throw new DriverException(
        DriverException.Kind.REJECTED,
        "backups of this platform can't be restored into a scratch instance; verify them without");
  }

  /** Deletes one backup for good. Refuses while it is being restored or held. */
  void delete(String backupId) throws DriverException;
}
