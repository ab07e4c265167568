package io.keepset.wal;

import io.keepset.spi.wal.BasePoint;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What is known of the logs in the stores. Durable when a call returns; safe for several threads
 * and, on a shared database, for several nodes. All but {@link WalStatus} can be rebuilt from the
 * stores.
 */
public interface WalCatalogue {
  /** Databases with a log. */
  SortedSet<String> databases();

  /** All files of a database's log, by cluster, then by name. */
  List<WalFile> files(String database);

  Optional<WalFile> find(String database, String systemId, String name);

  /**
   * Adds a file.
   *
   * @return false if one of its name is known already; then nothing is changed
   */
  boolean add(WalFile file);

  /**
   * Puts a file in the place of one that was read before, unless that has changed since: whoever
   * receives replaces an open segment by its next state, in an object of another name, at any time.
   *
   * @return false if it is not what was read any more; then nothing is changed
   */
  boolean replace(WalFile read, WalFile now);

  /**
   * Forgets a file that was read before, unless that has changed since.
   *
   * @return false if it is not what was read any more, or was not known
   */
  boolean remove(WalFile read);

  /** Base backups of a database by id: empty for a backup that log can't be replayed on. */
  SortedMap<String, Optional<BasePoint>> bases(String database);

  void putBase(String database, String backupId, Optional<BasePoint> point);

  /** How receiving stands; empty if nobody ever received anything. */
  Optional<WalStatus> status(String database);

  void put(WalStatus status);

  /** Nobody receives for this database any more. */
  void removeStatus(String database);
}
