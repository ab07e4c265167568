package io.keepset.runner;

import io.keepset.diagnostic.Severity;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.runner.artifact.Manifest;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.Verdict;
import java.util.EnumSet;

/**
 * Decides what became of a run that nobody works on any more: its manifest is in the store and all
 * of it is good, then it is a backup; otherwise it is not, and its objects go. A store that can't
 * be asked now decides nothing.
 *
 * <p>The catalogue decides in one step between this and a run that was slow rather than dead; only
 * after that step are objects removed.
 */
final class Settlement {
  static final String INTERRUPTED =
      "the process that made this backup ended before the backup was complete";

  private final RunnerPorts ports;

  Settlement(RunnerPorts ports) {
    this.ports = ports;
  }

  /** Settles all dead runs of a database. The caller holds its run lease, so all of them are. */
  void ofRuns(String database) {
    ofThose(Leases.run(database));
  }

  /** Settles all dead copies of a database. The caller holds its copy lease. */
  void ofCopies(String database) {
    ofThose(Leases.copy(database));
  }

  private void ofThose(String lease) {
    for (Backup entry : ports.catalogue().inState(EnumSet.of(BackupState.CREATING))) {
      if (Leases.making(entry).equals(lease)) {
        of(entry);
      }
    }
  }

  /**
   * Settles one dead run.
   *
   * @return the entry afterwards; still CREATING if its store can't say yet
   */
  Backup of(Backup entry) {
    OpenStore store;
    try {
      store = ports.storeOf(entry);
    } catch (DriverException e) {
      return e.kind() == Kind.REJECTED
          ? fail(entry, INTERRUPTED + "; " + e.getMessage())
          : later(entry, e);
    }
    BackupFolder folder = new BackupFolder(store, entry.database(), entry.id());
    try {
      return decide(entry, store, folder);
    } catch (DriverException e) {
      return later(entry, e);
    }
  }

  private Backup decide(Backup entry, OpenStore store, BackupFolder folder) throws DriverException {
    try {
      Manifest manifest = folder.manifest();
      Verdict verdict =
          Verification.of(manifest, store, ports.engine(manifest.engine()), Progress.NONE);
      if (verdict.good()) {
        Backup created = new Entries(ports).created(entry, manifest, ports.now());
        if (created.state() == BackupState.CREATED) {
          tell(Severity.NOTE, created, "was complete when its process ended: it counts");
        }
        return created;
      }
    } catch (DriverException e) {
      if (e.kind() != Kind.NOT_FOUND && e.kind() != Kind.DAMAGED) {
        throw e;
      }
    }
    Backup abandoned = BackupLife.abandoned(entry, INTERRUPTED);
    if (!ports.catalogue().update(abandoned, BackupState.CREATING)) {
      // The run lives after all and was first: its backup is not ours to touch.
      return ports.catalogue().find(entry.id()).orElse(entry);
    }
    Backup failed = new Deletion(ports).finish(abandoned);
    tell(Severity.WARNING, failed, INTERRUPTED);
    return failed;
  }

  private Backup fail(Backup entry, String error) {
    Backup failed = BackupLife.failed(entry, ports.now(), error);
    if (ports.catalogue().update(failed, BackupState.CREATING)) {
      tell(Severity.WARNING, failed, error);
      return failed;
    }
    return ports.catalogue().find(entry.id()).orElse(failed);
  }

  private Backup later(Backup entry, DriverException why) {
    tell(
        Severity.WARNING,
        entry,
        "its process ended, and whether it is complete can't be told yet: " + why.getMessage());
    return entry;
  }

  private void tell(Severity severity, Backup backup, String message) {
    ports.journal().tell(severity, backup.id(), message);
  }
}
