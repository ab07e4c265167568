package io.keepset.drivers.lab;

import io.keepset.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server on a restored data directory. It must lie below {@link PostgresLab#socketDirectory}, so
 * that the server's user gets there. {@link #close} ends it and removes the directory.
 */
public final class PostgresCopy implements AutoCloseable {
  private final PostgresLab origin;
  private final Path directory;
  private final int port;
  private final Process server;
  private final Thread atExit = new Thread(this::kill, "stop-postgres-copy");

  private PostgresCopy(PostgresLab origin, Path directory, int port) throws IOException {
    this.origin = origin;
    this.directory = directory;
    this.port = port;
    PostgresLab.USER.give(directory);
    List<String> command =
        new ArrayList<>(
            List.of(
                origin.bin().resolve("postgres").toString(),
                "-D",
                directory.toString(),
                "-p",
                "" + port));
    for (String setting :
        List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=" + origin.socketDirectory(),
            "fsync=off",
            "shared_buffers=32MB",
            "dynamic_shared_memory_type=mmap")) {
      command.addAll(List.of("-c", setting));
    }
    ProcessBuilder builder =
        new ProcessBuilder(PostgresLab.USER.run(command))
            .directory(origin.socketDirectory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log().toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    Runtime.getRuntime().addShutdownHook(atExit);
    this.server = builder.start();
  }

  /** Starts it and waits until it has replayed and takes writes. */
  public static PostgresCopy start(PostgresLab origin, Path directory) {
    try {
      PostgresCopy copy = new PostgresCopy(origin, directory, FreePort.take());
      copy.awaitOpen();
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Makes a standby of a server, and starts it. */
  public static PostgresCopy standby(PostgresLab origin, Path directory) {
    try {
      List<String> command =
          List.of(
              origin.bin().resolve("pg_basebackup").toString(),
              "-R",
              "-c",
              "fast",
              "-h",
              origin.socketDirectory().toString(),
              "-p",
              "" + origin.port(),
              "-U",
              PostgresLab.SUPERUSER,
              "-D",
              directory.toString());
      Process made = new ProcessBuilder(PostgresLab.USER.run(command)).inheritIO().start();
      if (made.waitFor() != 0) {
        throw new IllegalStateException("no standby was made");
      }
      return new PostgresCopy(origin, directory, FreePort.take());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends it as a crash would; its directory stays. */
  public void crash() {
    kill();
    try {
      server.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Takes over from the origin, which must be down: on its address, open for writing. Only for a
   * standby that was ended by {@link #crash}.
   */
  public PostgresCopy takeOver() {
    try {
      PostgresCopy successor = new PostgresCopy(origin, directory, origin.port());
      successor.await("t");
      // Before that nobody is there to hear it.
      successor.query("postgres", "select pg_promote(false)");
      successor.awaitOpen();
      return successor;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Path log() {
    return origin.socketDirectory().resolve(directory.getFileName() + ".log");
  }

  private void awaitOpen() throws IOException, InterruptedException {
    await("f");
  }

  /** Waits until it answers, in recovery or not. */
  private void await(String inRecovery) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Await.PATIENCE.toNanos();
    while (true) {
      try {
        if (query("postgres", "select pg_is_in_recovery()").equals(List.of(inRecovery))) {
          return;
        }
      } catch (IllegalStateException e) {
        if (!server.isAlive()) {
          throw new IOException("the copy did not start: " + Files.readString(log()), e);
        }
      }
      if (System.nanoTime() > deadline) {
        close();
        throw new IOException("the copy did not open: " + Files.readString(log()));
      }
      server.waitFor(50, TimeUnit.MILLISECONDS);
    }
  }

  /** First column of all rows, as text. */
  public List<String> query(String database, String sql) {
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    try (Connection connection =
            DriverManager.getConnection(url, PostgresLab.SUPERUSER, origin.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(String.valueOf(rows.getString(1)));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private void kill() {
    server.descendants().forEach(ProcessHandle::destroyForcibly);
    server.destroyForcibly();
  }

  @Override
  public void close() {
    kill();
    try {
      server.waitFor(20, TimeUnit.SECONDS);
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // The JVM is going down.
    }
    try {
      PostgresLab.deleteTree(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
