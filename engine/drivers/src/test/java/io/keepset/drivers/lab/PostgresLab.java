package io.keepset.drivers.lab;

import io.keepset.drivers.tool.ServerUser;
import io.keepset.policy.Options;
import io.keepset.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real PostgreSQL on a free port of 127.0.0.1, with a data directory of its own. {@link #close}
 * ends it and leaves nothing. PostgreSQL refuses to run as root, so for root it runs as {@code
 * postgres} or {@code nobody}. Passwords are asked for on TCP, never on the Unix socket.
 *
 * <pre>{@code
 * static PostgresLab lab;
 * @BeforeAll static void start() { lab = PostgresLab.start(); }
 * @AfterAll static void stop() { lab.close(); }
 * }</pre>
 */
public final class PostgresLab implements AutoCloseable {
  public static final String SUPERUSER = "postgres";
  static final ServerUser USER = ServerUser.of("postgres");
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private final Path bin;
  private final Path directory;
  private final int port;
  private final String password = "pw-" + UUID.randomUUID();
  private final Thread atExit = new Thread(this::stop, "stop-postgres-lab");
  private final List<String> settings;
  private Process server;

  private PostgresLab(Path bin, List<String> settings) throws IOException, InterruptedException {
    this.bin = bin;
    this.settings = List.copyOf(settings);
    this.directory = Files.createTempDirectory("keepset-pg");
    this.port = FreePort.take();
    Files.writeString(directory.resolve("pw"), password);
    USER.give(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    Runtime.getRuntime().addShutdownHook(atExit);
    run(
        "initdb",
        "-D",
        data(),
        "-U",
        SUPERUSER,
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-N",
        "--auth-local=trust",
        "--auth-host=scram-sha-256",
        "--pwfile=" + directory.resolve("pw"));
    this.server = launch(settings);
    awaitReady();
  }

  /** Starts the newest installed PostgreSQL; skips the test if there is none. */
  public static PostgresLab start() {
    return start(List.of());
  }

  /** The same with more settings, each {@code name=value} as in {@code postgresql.conf}. */
  public static PostgresLab start(List<String> settings) {
    Optional<Path> bin = installed();
    Assumptions.assumeTrue(
        bin.isPresent(), "skipped: no PostgreSQL server below " + DEBIAN + " (install postgresql)");
    return start(bin.get(), settings);
  }

  /** Starts the server of one directory of programs ({@code initdb}, {@code postgres}). */
  public static PostgresLab start(Path bin, List<String> settings) {
    try {
      return new PostgresLab(bin, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Programs of the newest server on this machine. */
  public static Optional<Path> installed() {
    if (!Files.isDirectory(DEBIAN)) {
      return Optional.empty();
    }
    try (Stream<Path> majors = Files.list(DEBIAN)) {
      return majors
          .filter(major -> Files.isExecutable(major.resolve("bin/initdb")))
          .max(Comparator.comparing(major -> Integer.valueOf(major.getFileName().toString())))
          .map(major -> major.resolve("bin"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path bin() {
    return bin;
  }

  public String host() {
    return "127.0.0.1";
  }

  public int port() {
    return port;
  }

  /** Directory of the Unix socket. */
  public Path socketDirectory() {
    return directory;
  }

  /** Of the superuser {@link #SUPERUSER}. */
  public String password() {
    return password;
  }

  /** As a policy's {@code connection} has it, with the password as {@code env:LAB}. */
  public Options connection(String database, String user) {
    return Options.of(
        Map.of(
            "host",
            host(),
            "port",
            String.valueOf(port),
            "database",
            database,
            "user",
            user,
            "password",
            "env:LAB"));
  }

  public String jdbcUrl(String database) {
    return "jdbc:postgresql://" + host() + ":" + port + "/" + database;
  }

  /** A connection as superuser. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(jdbcUrl(database), SUPERUSER, password);
  }

  /** Runs statements as superuser, each in a transaction of its own. */
  public void execute(String database, String... statements) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** First column of all rows, as text. */
  public List<String> query(String database, String sql) {
    try (Connection connection = connect(database);
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

  public void createDatabase(String name) {
    execute("postgres", "create database \"" + name + "\"");
  }

  /**
   * Turns TLS on, with a certificate of its own for {@link #host}; needs openssl.
   *
   * @return the certificate, for clients that want to know whom they talk to
   */
  public Path enableTls() {
    Path key = directory.resolve("server.key");
    Path certificate = directory.resolve("server.crt");
    try {
      run(
          "/usr/bin/openssl",
          "req",
          "-x509",
          "-newkey",
          "rsa:2048",
          "-nodes",
          "-days",
          "2",
          "-subj",
          "/CN=lab",
          "-addext",
          "subjectAltName=IP:" + host(),
          "-keyout",
          key.toString(),
          "-out",
          certificate.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    execute(
        "postgres",
        "alter system set ssl_key_file = '" + key + "'",
        "alter system set ssl_cert_file = '" + certificate + "'",
        "alter system set ssl = on",
        "select pg_reload_conf()");
    return certificate;
  }

  public boolean isAlive() {
    return server.isAlive();
  }

  /** Ends the server at once, as a crash would; it does not come back. */
  public void crash() {
    server.descendants().forEach(ProcessHandle::destroyForcibly);
    server.destroyForcibly();
  }

  /** Ends the server as a crash would, and starts it again on the same data and port. */
  public void crashAndRestart() {
    try {
      List<ProcessHandle> all = server.descendants().toList();
      crash();
      server.waitFor();
      // One that still works, such as the archiver's command, holds the shared memory; one that
      // nobody waits for would stay as a zombie, and holds nothing.
      for (ProcessHandle each : all) {
        each.onExit().completeOnTimeout(each, 10, TimeUnit.SECONDS).join();
      }
      server = launch(settings);
      awaitReady();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is going down: the hook does the work.
    }
  }

  private void stop() {
    try {
      if (server != null && server.isAlive()) {
        // SIGQUIT would be "immediate"; SIGINT is "fast": disconnects everybody and ends in order.
        new ProcessBuilder("kill", "-INT", String.valueOf(server.pid())).start().waitFor();
        if (!server.waitFor(20, TimeUnit.SECONDS)) {
          crash();
          server.waitFor();
        }
      }
      deleteTree(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Process launch(List<String> settings) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(bin.resolve("postgres").toString(), "-D", data(), "-p", String.valueOf(port)));
    List<String> all =
        new ArrayList<>(
            List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=" + directory,
                "fsync=off",
                "full_page_writes=off",
                "synchronous_commit=off",
                "shared_buffers=32MB",
                "dynamic_shared_memory_type=mmap",
                "autovacuum=off"));
    all.addAll(settings);
    all.forEach(setting -> command.addAll(List.of("-c", setting)));
    return builder(command).start();
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Await.PATIENCE.toNanos();
    while (true) {
      try (Connection connection = connect("postgres")) {
        return;
      } catch (SQLException e) {
        if (!server.isAlive() || System.nanoTime() > deadline) {
          String log = Files.readString(directory.resolve("log"), StandardCharsets.UTF_8);
          stop();
          throw new IOException("PostgreSQL did not start: " + log, e);
        }
        server.waitFor(50, TimeUnit.MILLISECONDS);
      }
    }
  }

  private void run(String program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(bin.resolve(program).toString()));
    command.addAll(List.of(arguments));
    if (builder(command).start().waitFor() != 0) {
      throw new IOException(program + ": " + Files.readString(directory.resolve("log")));
    }
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(USER.run(command)).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    Path log = directory.resolve("log");
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
