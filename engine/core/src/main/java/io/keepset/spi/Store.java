package io.keepset.spi;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the runner keeps backups: objects by key. Keys are {@code /}-separated, of letters, digits,
 * {@code . - _}. A constructor does no I/O. Safe for several threads.
 */
public interface Store extends AutoCloseable {
  /** For people: {@code directory /var/lib/keepset/backups}. */
  String describe();

  /** Starts an object of unknown length. An existing object of this key is replaced on commit. */
  StoreWriter create(String key) throws DriverException;

  /**
   * @throws DriverException NOT_FOUND if there is no such object
   */
  InputStream open(String key) throws DriverException;

  /** All visible objects below a prefix, in order of key; close the stream. */
  Stream<StoredObject> list(String prefix) throws DriverException;

  /** Deletes; gone already is success. */
  void delete(String key) throws DriverException;

  /** Removes what unfinished writes older than this left behind; returns how many. */
  int cleanLeftovers(Instant olderThan) throws DriverException;

  /** Can it be reached, written and read? */
  void check() throws DriverException;

  /**
   * An address by which anybody can read this object for a while, without a login.
   *
   * @param validFor at most seven days
   * @return empty if this kind of store has no such thing
   */
  default Optional<SignedAddress> signedAddress(String key, Duration validFor)
      throws DriverException {
    return Optional.empty();
  }

  @Override
  void close();
}
