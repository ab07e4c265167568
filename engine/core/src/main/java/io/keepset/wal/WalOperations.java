package io.keepset.wal;

import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.wal.WalTarget;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/** What can be done with the log of a database. A port: this process, or a server, does it. */
public interface WalOperations {
  /**
   * Archives one file; returns once it is durable. The same again is success.
   *
   * @param name as the server calls it ({@code %f})
   */
  void push(String database, String name, InputStream file) throws DriverException;

  /**
   * Brings a file back.
   *
   * @param systemId of the cluster; empty means the one whose log came last
   * @throws DriverException NOT_FOUND if it is not in the archive
   */
  void fetch(String database, Optional<String> systemId, String name, OutputStream to)
      throws DriverException;

  /** Restores to a point in time, see {@link PointInTime#restore}. */
  RestoreReport restore(
      String database, WalTarget target, Path directory, Delivery delivery, Progress progress)
      throws DriverException;

  /** How the log gets to the server that replays it. */
  enum Delivery {
    /** All of it that is needed is laid into the data directory beforehand. */
    BESIDE,
    /** The server calls {@code keepset wal fetch} for each file. */
    FETCHED
  }
}
