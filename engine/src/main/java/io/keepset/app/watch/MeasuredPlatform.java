package io.keepset.app.watch;

import io.keepset.plan.Change;
import io.keepset.plan.Inventory;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.Capabilities;
import io.keepset.spi.DriverException;
import io.keepset.spi.Platform;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** A platform whose operations are measured. */
public final class MeasuredPlatform implements Platform {
  private final Platform platform;
  private final BackupOperations measured;

  public MeasuredPlatform(Platform platform, BackupOperations measured) {
    this.platform = platform;
    this.measured = measured;
  }

  @Override
  public Optional<BackupOperations> operations() {
    return Optional.of(measured);
  }

  @Override
  public Capabilities capabilities() {
    return platform.capabilities();
  }

  @Override
  public Protection normalize(Protection desired) {
    return platform.normalize(desired);
  }

  @Override
  public Inventory read() throws DriverException {
    return platform.read();
  }

  @Override
  public SortedMap<String, List<Backup>> backups(Collection<String> databases)
      throws DriverException {
    return platform.backups(databases);
  }

  @Override
  public void apply(Change change) throws DriverException {
    platform.apply(change);
  }

  @Override
  public void close() {
    platform.close();
  }
}
