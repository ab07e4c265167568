package io.keepset.app.wal;

import io.keepset.policy.Protection;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.wal.SegmentName;
import io.keepset.spi.wal.WalTarget;
import io.keepset.spi.wal.WriteAheadLog;
import io.keepset.wal.PointInTime;
import io.keepset.wal.WalArchive;
import io.keepset.wal.WalCatalogue;
import io.keepset.wal.WalOperations;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Logs on the state of this process. */
public final class LocalWal implements WalOperations {
  private final RunnerPorts ports;
  private final WalCatalogue catalogue;
  private final Spool spool;
  private final PointInTime pointInTime;

  /**
   * @param data directory of the installation
   */
  public LocalWal(RunnerPorts ports, WalCatalogue catalogue, BackupOperations backups, Path data) {
    this.ports = ports;
    this.catalogue = catalogue;
    this.spool = new Spool(data);
    this.pointInTime =
        new PointInTime(ports, catalogue, backups, (db, id) -> OwnCommand.fetch(data, db, id));
  }

  /** The windows that can be restored into. */
  public PointInTime pointInTime() {
    return pointInTime;
  }

  @Override
  public void push(String database, String name, InputStream file) throws DriverException {
    Protection protection = ports.protection(database);
    if (protection.pointInTime().isEmpty()) {
      throw new DriverException(
          Kind.REJECTED,
          database + " has no point_in_time in its policy, so nobody would keep its log");
    }
    if (SegmentName.isLabel(name) || name.endsWith(".partial")) {
      return; // notes of the server that no restore needs
    }
    if (SegmentName.parse(name).isEmpty() && !SegmentName.isHistory(name)) {
      throw new DriverException(
          Kind.REJECTED,
          name
              + " is no name of a file of PostgreSQL's log; archive_command is: keepset wal push "
              + database
              + " %p %f");
    }
    WriteAheadLog log = log(protection);
    Path taken = null;
    try {
      taken = spool.temporary(database);
      Files.copy(file, taken, StandardCopyOption.REPLACE_EXISTING);
      new WalArchive(ports, catalogue)
          .put(database, log, protection.store().orElseThrow(), name, taken, false);
    } catch (IOException e) {
      throw new DriverException(Kind.TRANSIENT, "can't take " + name + ": " + e.getMessage(), e);
    } finally {
      Spool.remove(taken);
    }
  }

  private WriteAheadLog log(Protection protection) throws DriverException {
    return ports
        .engine(protection.engine())
        .writeAheadLog()
        .orElseThrow(
            () -> new DriverException(Kind.REJECTED, protection.engine() + " has no such log"));
  }

  @Override
  public void fetch(String database, Optional<String> systemId, String name, OutputStream to)
      throws DriverException {
    new WalArchive(ports, catalogue).fetch(database, systemId, name, to);
  }

  @Override
  public RestoreReport restore(
      String database, WalTarget target, Path directory, Delivery delivery, Progress progress)
      throws DriverException {
    return pointInTime.restore(database, target, directory, delivery, progress);
  }
}
