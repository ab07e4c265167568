package io.keepset.runner;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.spi.DriverException;

/**
 * Removes a backup for good. First the catalogue says DELETED, in one step that no restore can pass
 * at the same time; so nobody is ever shown a backup of which bytes are missing. Then the bytes go,
 * manifest first. At last the entry forgets its store. What dies in between is found again by
 * {@link Catalogue#deleting}.
 */
final class Deletion {
  private final RunnerPorts ports;

  Deletion(RunnerPorts ports) {
    this.ports = ports;
  }

  /**
   * @return false if somebody else moved the backup meanwhile; nothing is deleted then
   * @throws DriverException if the decision stands, but not all bytes could be removed yet
   */
  boolean delete(Backup backup) throws DriverException {
    Backup deleted = BackupLife.deleted(backup);
    if (!ports.catalogue().update(deleted, backup.state())) {
      return false;
    }
    finish(deleted);
    return true;
  }

  /**
   * The second half: the bytes.
   *
   * @return the entry afterwards: a dead run is shown as FAILED from here on
   */
  Backup finish(Backup deleted) throws DriverException {
    if (deleted.store().isPresent()) {
      new BackupFolder(ports.storeOf(deleted), deleted.database(), deleted.id()).remove();
    }
    Backup after =
        BackupLife.isAbandoned(deleted)
            ? BackupLife.failed(deleted, ports.now(), deleted.error().orElseThrow())
            : BackupLife.gone(deleted);
    ports.catalogue().update(after, BackupState.DELETED);
    return after;
  }
}
