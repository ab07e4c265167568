package io.keepset.app.demo;

import io.keepset.drivers.tool.ServerUser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL of our own on a free port, in a directory of its own, gone when it is closed. It
 * refuses to run as root: then it runs as {@code postgres} or {@code nobody}.
 */
final class ThrowAwayPostgres implements AutoCloseable {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final String USER = "demo";

  private final Path bin;
  private final Path directory;
  private final int port;
  private final String password = UUID.randomUUID().toString();
  private final ServerUser server = ServerUser.of("postgres");
  private boolean running;

  /** The programs of the newest PostgreSQL server here that has its client tools too. */
  static Optional<Path> installed() throws IOException {
    if (Files.isDirectory(DEBIAN)) {
      try (Stream<Path> majors = Files.list(DEBIAN)) {
        Optional<Path> newest =
            majors
                .map(major -> major.resolve("bin"))
                .filter(ThrowAwayPostgres::complete)
                .max(Comparator.comparing(Path::toString));
        if (newest.isPresent()) {
          return newest;
        }
      }
    }
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(Path::of)
        .filter(ThrowAwayPostgres::complete)
        .findFirst();
  }

  private static boolean complete(Path bin) {
    return Stream.of("initdb", "pg_ctl", "postgres", "pg_dump", "pg_restore")
        .allMatch(program -> Files.isExecutable(bin.resolve(program)));
  }

  ThrowAwayPostgres(Path bin, Path directory) throws IOException {
    this.bin = bin;
    this.directory = directory;
    this.port = freePort();
    Files.createDirectories(directory);
    Path secret = Files.writeString(directory.resolve("password"), password);
    server.give(directory);
    run(
        List.of(
            bin.resolve("initdb").toString(),
            "-D",
            cluster(),
            "-U",
            USER,
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
            "--auth=scram-sha-256",
            "--pwfile=" + secret));
    run(
        List.of(
            bin.resolve("pg_ctl").toString(),
            "-D",
            cluster(),
            "-w",
            "-l",
            directory.resolve("log").toString(),
            "-o",
            "-p "
                + port
                + " -c listen_addresses=127.0.0.1 -c fsync=off"
                + " -c unix_socket_directories=",
            "start"));
    running = true;
  }

  int port() {
    return port;
  }

  String user() {
    return USER;
  }

  String password() {
    return password;
  }

  void execute(String database, String... statements) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  String value(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, USER, password);
  }

  private String cluster() {
    return directory.resolve("cluster").toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void run(List<String> command) throws IOException {
    Path output = directory.resolveSibling(directory.getFileName() + "-output");
    Process process =
        new ProcessBuilder(server.run(command))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(
            "PostgreSQL could not be started ("
                + command.get(0)
                + "): "
                + Files.readString(output));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    if (!running) {
      return;
    }
    running = false;
    try {
      run(List.of(bin.resolve("pg_ctl").toString(), "-D", cluster(), "-m", "immediate", "stop"));
    } catch (IOException e) {
      System.err.println("the demo's PostgreSQL may still run: " + e.getMessage());
    }
  }
}
