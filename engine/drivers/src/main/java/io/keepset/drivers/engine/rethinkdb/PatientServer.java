package io.keepset.drivers.engine.rethinkdb;

import io.keepset.drivers.stream.Watchdog;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.List;
import java.util.function.Supplier;

/** A server that may not fall silent: RethinkDB's driver waits for an answer for ever. */
final class PatientServer implements Server {
  private final Server server;
  private final Address address;
  private final Watchdog watchdog;

  PatientServer(Server server, Address address) {
    this.server = server;
    this.address = address;
    this.watchdog = new Watchdog(address.silence(), server::close);
  }

  private <T> T ask(Supplier<T> question) {
    try {
      return watchdog.watch(question);
    } catch (Unwell e) {
      throw watchdog.hung() ? new Unwell(silent(e)) : e;
    }
  }

  private void tell(Runnable order) {
    ask(
        () -> {
          order.run();
          return true;
        });
  }

  private DriverException silent(Unwell e) {
    return new DriverException(
        Kind.TRANSIENT,
        "RethinkDB "
            + address.where()
            + " said nothing for "
            + address.silence().toSeconds()
            + " s (option silence_limit, for restores restore_silence_limit) and was given up",
        e);
  }

  @Override
  public String version() {
    return ask(server::version);
  }

  @Override
  public List<String> databases() {
    return ask(server::databases);
  }

  @Override
  public List<String> tables(String database) {
    return ask(() -> server.tables(database));
  }

  @Override
  public String info(String database, String table) {
    return ask(() -> server.info(database, table));
  }

  @Override
  public boolean empty(String database, String table) {
    return ask(() -> server.empty(database, table));
  }

  @Override
  public long count(String database, String table) {
    return ask(() -> server.count(database, table));
  }

  @Override
  public Rows rows(String database, String table) {
    Rows rows = ask(() -> server.rows(database, table));
    return new Rows() {
      @Override
      public boolean hasNext() {
        return ask(rows::hasNext);
      }

      @Override
      public String next() {
        return ask(rows::next);
      }

      @Override
      public void close() {
        rows.close();
      }
    };
  }

  @Override
  public void createDatabase(String database) {
    tell(() -> server.createDatabase(database));
  }

  @Override
  public void renameDatabase(String from, String to) {
    tell(() -> server.renameDatabase(from, to));
  }

  @Override
  public void dropDatabase(String database) {
    tell(() -> server.dropDatabase(database));
  }

  @Override
  public void createTable(String database, String table, String primaryKey) {
    tell(() -> server.createTable(database, table, primaryKey));
  }

  @Override
  public void insert(String database, String table, List<String> documents) {
    tell(() -> server.insert(database, table, documents));
  }

  @Override
  public void define(String database, String table, String info) {
    tell(() -> server.define(database, table, info));
  }

  @Override
  public void close() {
    watchdog.close();
    server.close();
  }
}
