package io.keepset.drivers.engine.rethinkdb;

import io.keepset.spi.DriverException;
import java.util.Iterator;
import java.util.List;

/**
 * What we ask of a server; JSON as text, with times and binaries in their raw form. What fails is
 * an {@link Unwell}. Close it.
 */
interface Server extends AutoCloseable {
  /** Makes connections. */
  @FunctionalInterface
  interface Opener {
    Server open(Address address) throws DriverException;
  }

  /** Documents of a table in the order of its primary key. Close it. */
  interface Rows extends Iterator<String>, AutoCloseable {
    @Override
    void close();
  }

  /** A failure on the way, with cause and fix. */
  final class Unwell extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient DriverException reason;

    Unwell(DriverException reason) {
      super(reason);
      this.reason = reason;
    }

    DriverException reason() {
      return reason;
    }
  }

  String version();

  List<String> databases();

  List<String> tables(String database);

  /** As the dump tool writes it: primary key, indexes with their functions, write hook. */
  String info(String database, String table);

  boolean empty(String database, String table);

  long count(String database, String table);

  Rows rows(String database, String table);

  void createDatabase(String database);

  void renameDatabase(String from, String to);

  void dropDatabase(String database);

  void createTable(String database, String table, String primaryKey);

  void insert(String database, String table, List<String> documents);

  /**
   * Indexes and write hook.
   *
   * @param info as {@link #info} gives it
   */
  void define(String database, String table, String info);

  @Override
  void close();
}
