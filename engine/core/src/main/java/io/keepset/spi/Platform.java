package io.keepset.spi;

import io.keepset.plan.Change;
import io.keepset.plan.Inventory;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.Holding;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who runs schedules and keeps backups. A constructor does no I/O. Safe for use by several threads.
 */
public interface Platform extends AutoCloseable {
  Capabilities capabilities();

  /** What the platform would echo for this wish. Pure; applying it twice equals once. */
  Protection normalize(Protection desired);

  /** All targets that the platform has, ours and others', without their backups. */
  Inventory read() throws DriverException;

  /** Live backups of these databases, oldest first, by database; every name asked for is a key. */
  SortedMap<String, List<Backup>> backups(Collection<String> databases) throws DriverException;

  /** Holds on these databases that no plan of policy files changes; no entry if there are none. */
  default SortedMap<String, Holding> holds(Collection<String> databases) throws DriverException {
    return new TreeMap<>();
  }

  /**
   * Carries out one change. ADOPT marks a target as ours and changes no setting of it. Safe to
   * repeat; touches only what the change names.
   */
  void apply(Change change) throws DriverException;

  /** The backup verbs, if the platform has them. */
  Optional<BackupOperations> operations();

  @Override
  void close();
}
