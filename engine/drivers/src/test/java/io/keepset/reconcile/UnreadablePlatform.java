package io.keepset.reconcile;

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

/** A platform whose settings nobody may list. */
final class UnreadablePlatform implements Platform {
  @Override
  public Capabilities capabilities() {
    return desired -> List.of();
  }

  @Override
  public Protection normalize(Protection desired) {
    return desired;
  }

  @Override
  public Inventory read() throws DriverException {
    throw new DriverException(DriverException.Kind.DENIED, "no rights to list");
  }

  @Override
  public SortedMap<String, List<Backup>> backups(Collection<String> databases) {
    throw new AssertionError("nothing can be asked of it");
  }

  @Override
  public void apply(Change change) {
    throw new AssertionError("nothing may be written to it");
  }

  @Override
  public Optional<BackupOperations> operations() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
