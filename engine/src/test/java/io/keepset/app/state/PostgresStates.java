package io.keepset.app.state;

import io.keepset.drivers.lab.PostgresLab;
import io.keepset.spi.DriverException;
import io.keepset.spi.Secret;
import io.keepset.spi.Secrets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A PostgreSQL that holds states, each in a database of its own. */
public final class PostgresStates implements AutoCloseable {
  private final PostgresLab server = PostgresLab.start();
  private final AtomicInteger databases = new AtomicInteger();

  PostgresLab server() {
    return server;
  }

  /** Makes an empty database, and returns its name. */
  String newDatabase() {
    String name = "state" + databases.incrementAndGet();
    server.createDatabase(name);
    return name;
  }

  /**
   * Where a new, empty state is.
   *
   * @param data directory of the installation
   */
  public StateSettings empty(Path data) throws DriverException {
    return settings(data, newDatabase(), "env:LAB");
  }

  StateSettings settings(Path data, String database, String password) throws DriverException {
    return StateSettings.of(
        data,
        Map.of(
            StateSettings.URL,
            server.jdbcUrl(database),
            StateSettings.USER,
            PostgresLab.SUPERUSER,
            StateSettings.PASSWORD,
            password));
  }

  /** That know the server's password, and a wrong one by every other name. */
  public Secrets secrets() {
    return reference -> new Secret(reference.equals("env:LAB") ? server.password() : "wrong");
  }

  @Override
  public void close() {
    server.close();
  }
}
