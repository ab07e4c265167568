package io.keepset.app;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.wal.WalTarget;
import io.keepset.wal.WalOperations;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/** An installation without any logs. */
public final class NoWal implements WalOperations {
  @Override
  public void push(String database, String name, InputStream file) throws DriverException {
    throw none(database);
  }

  @Override
  public void fetch(String database, Optional<String> systemId, String name, OutputStream to)
      throws DriverException {
    throw none(database);
  }

  @Override
  public RestoreReport restore(
      String database, WalTarget target, Path directory, Delivery delivery, Progress progress)
      throws DriverException {
    throw none(database);
  }

  private static DriverException none(String database) {
    return new DriverException(Kind.NOT_FOUND, "there is no log of " + database);
  }
}
