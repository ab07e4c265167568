package io.keepset.wal;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.runner.BackupFacts;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.WriteAheadLog;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Learns from the manifests in the stores where base backups stand in the log. Each is read once;
 * so what a rescan brings back is learned by itself.
 */
public final class Bases {
  private final RunnerPorts ports;
  private final WalCatalogue catalogue;

  public Bases(RunnerPorts ports, WalCatalogue catalogue) {
    this.ports = ports;
    this.catalogue = catalogue;
  }

  /** Of all backups of a database that are complete. */
  public SortedMap<String, Optional<BasePoint>> of(String database) throws DriverException {
    SortedMap<String, Optional<BasePoint>> known = catalogue.bases(database);
    boolean learned = false;
    for (Backup backup : ports.catalogue().backups(database)) {
      boolean there =
          backup.state() == BackupState.CREATED
              || backup.state() == BackupState.RESTORING
              || backup.state() == BackupState.EXPIRED;
      if (there && backup.copyOf().isEmpty() && !known.containsKey(backup.id())) {
        catalogue.putBase(database, backup.id(), point(backup));
        learned = true;
      }
    }
    return learned ? catalogue.bases(database) : known;
  }

  private Optional<BasePoint> point(Backup backup) throws DriverException {
    Optional<WriteAheadLog> log = ports.engine(backup.engine()).writeAheadLog();
    if (log.isEmpty()) {
      return Optional.empty();
    }
    ArtifactFacts facts = BackupFacts.of(ports, backup);
    return log.get().base(facts);
  }
}
