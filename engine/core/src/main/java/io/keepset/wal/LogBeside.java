package io.keepset.wal;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.wal.WalScan;
import io.keepset.spi.wal.WalTarget;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lays the log that a restore needs into the restored data directory, so that the server finds it
 * whoever it runs as, and without Keepset.
 */
final class LogBeside {
  static final String NAME = "keepset_wal";

  /** The server runs it in its data directory. */
  static final String COMMAND = "cp " + NAME + "/%f %p";

  private final WalArchive archive;

  LogBeside(WalArchive archive) {
    this.archive = archive;
  }

  /** Returns how many files that were. */
  int lay(PointInTime.Way way, WalCatalogue catalogue, Path directory) throws DriverException {
    Path place = directory.resolve(NAME);
    List<WalFile> wanted = wanted(way, catalogue);
    try {
      Files.createDirectory(place);
      Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwx------"));
      for (WalFile file : wanted) {
        Path path = place.resolve(file.name());
        try (OutputStream to = Files.newOutputStream(path)) {
          archive.fetch(file.database(), Optional.of(file.systemId()), file.name(), to);
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      }
    } catch (IOException e) {
      throw new DriverException(Kind.TRANSIENT, "can't lay the log into " + place + ": " + e, e);
    }
    return wanted.size();
  }

  private static List<WalFile> wanted(PointInTime.Way way, WalCatalogue catalogue) {
    List<WalFile> wanted = new ArrayList<>();
    String database = way.base().backup().database();
    for (WalFile file : catalogue.files(database)) {
      if (file.scan().isEmpty() && file.systemId().equals(way.base().point().systemId())) {
        wanted.add(file);
      }
    }
    for (WalFile file : way.log()) {
      WalScan scan = file.scan().orElseThrow();
      if (scan.end() > way.base().point().start()) {
        wanted.add(file);
        if (scan.end() >= way.base().point().stop() && reached(way.target(), scan)) {
          break;
        }
      }
    }
    return wanted;
  }

  /** Whether replay ends in this segment. */
  private static boolean reached(WalTarget target, WalScan scan) {
    if (target instanceof WalTarget.Time time) {
      return scan.lastCommit().filter(time.at()::isBefore).isPresent();
    }
    if (target instanceof WalTarget.Position position) {
      return scan.lastRecord().filter(last -> last >= position.lsn()).isPresent();
    }
    if (target instanceof WalTarget.Name name) {
      return scan.marks().containsKey(name.name());
    }
    return true;
  }
}
