package io.keepset.runner;

import io.keepset.retention.Backup;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;

/** What the manifest of a backup says of its artifact. */
public final class BackupFacts {
  private BackupFacts() {}

  /**
   * @throws DriverException the store's, or about a manifest that is not whole
   */
  public static ArtifactFacts of(RunnerPorts ports, Backup backup) throws DriverException {
    return new BackupFolder(ports.storeOf(backup), backup.database(), backup.id())
        .manifest()
        .facts();
  }
}
