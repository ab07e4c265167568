package io.keepset.runner;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What the runner knows: the protections in force and every backup it made. Durable when a call
 * returns; safe for several threads and, on a shared database, for several nodes. What it knows of
 * complete backups can be rebuilt from the stores.
 */
public interface Catalogue {
  /**
   * Protections in force, by database name. A protection that nobody changed may be, and for the
   * sake of speed should be, the same object as the last time.
   */
  SortedMap<String, Protection> protections();

  Optional<Protection> protection(String database);

  void protect(Protection protection);

  /** The schedule ends; backups stay. Unknown is harmless. */
  void unprotect(String database);

  /** Every database that has a protection or a backup that is not DELETED. */
  SortedSet<String> databases();

  /** All backups of a database that are not DELETED, oldest first, then by id. */
  List<Backup> backups(String database);

  /** The same for several databases; every name asked for is a key. */
  default SortedMap<String, List<Backup>> backups(Collection<String> databases) {
    SortedMap<String, List<Backup>> byName = new TreeMap<>();
    databases.forEach(name -> byName.put(name, backups(name)));
    return byName;
  }

  /** All backups in one of these states, oldest first, then by id. */
  List<Backup> inState(Set<BackupState> states);

  /**
   * Backups that are DELETED here but whose bytes nobody has yet seen gone: they still name their
   * store. What a crash in the middle of a deletion leaves behind.
   */
  List<Backup> deleting();

  Optional<Backup> find(String backupId);

  /**
   * @throws IllegalStateException if there is a backup of this id
   */
  void insert(Backup backup);

  /**
   * Replaces the entry of the same id if it is still in the given state.
   *
   * @return false if somebody else moved it meanwhile or there is none; nothing is changed then
   */
  boolean update(Backup backup, BackupState expected);
}
