package io.keepset.runner;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * What the runner knows: the protections in force and every backup it made. Durable when a call
 * returns; safe for several threads and, on a shared database, for several nodes. What it knows of
 * complete backups can be rebuilt from the stores.
 */
public interface Catalogue {
  /** Protections in force, by database name. */
  SortedMap<String, Protection> protections();

  Optional<Protection> protection(String database);

  void protect(Protection protection);

  /** The schedule ends; backups stay. */
  void unprotect(String database);

  /** All backups of a database that are not DELETED, oldest first. */
  List<Backup> backups(String database);

  List<Backup> inState(Set<BackupState> states);

  Optional<Backup> find(String backupId);

  void insert(Backup backup);

  /**
   * Replaces the entry of the same id if it is still in the given state.
   *
   * @return false if somebody else moved it meanwhile; nothing is changed then
   */
  boolean update(Backup backup, BackupState expected);
}
