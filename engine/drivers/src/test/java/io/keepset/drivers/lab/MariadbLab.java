package io.keepset.drivers.lab;

import io.keepset.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real MariaDB on a free port of 127.0.0.1, with a data directory of its own. {@link #close} ends
 * it and leaves nothing. It refuses to run as root, so for root it runs as {@code mysql} or {@code
 * nobody}. The account {@link #ADMIN} may do all, by TCP with its password.
 */
public final class MariadbLab implements AutoCloseable {
  public static final String ADMIN = "admin";
  private static final Path SERVER = Path.of("/usr/sbin/mariadbd");
  private static final Path INSTALL = Path.of("/usr/bin/mariadb-install-db");
  private static final Path CLIENT = Path.of("/usr/bin/mariadb");

  private final Path directory;
  private final int port;
  private final String password = "pw-\\\"#'" + UUID.randomUUID();
  private final Thread atExit = new Thread(this::stop, "stop-mariadb-lab");
  private final Process server;

  private MariadbLab(List<String> settings) throws IOException, InterruptedException {
    this.directory = Files.createTempDirectory("keepset-maria");
    this.port = FreePort.take();
    giveToServerUser(directory);
    Runtime.getRuntime().addShutdownHook(atExit);
    install();
    this.server = launch(settings);
    awaitReady();
    execute(
        "mysql",
        "DELETE FROM global_priv WHERE User = ''",
        "FLUSH PRIVILEGES",
        "CREATE USER admin IDENTIFIED BY '"
            + password.replace("\\", "\\\\").replace("'", "''")
            + "'",
        "GRANT ALL ON *.* TO admin WITH GRANT OPTION");
  }

  /** Starts one; skips the test if there is none on this machine. */
  public static MariadbLab start(String... settings) {
    Assumptions.assumeTrue(
        Files.isExecutable(SERVER) && Files.isExecutable(INSTALL),
        "skipped: no MariaDB at " + SERVER + " (apt-get install mariadb-server)");
    try {
      return new MariadbLab(List.of(settings));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public String host() {
    return "127.0.0.1";
  }

  public int port() {
    return port;
  }

  /** Of {@link #ADMIN}; with characters that option files escape. */
  public String password() {
    return password;
  }

  public Path directory() {
    return directory;
  }

  /** Runs statements as the socket's root, each for itself. */
  public void execute(String database, String... statements) {
    run(database, String.join("\n;;\n", statements));
  }

  /** First column of all rows, as text; what is not printable stays escaped. */
  public List<String> query(String database, String sql) {
    return run(database, sql).lines().map(line -> line.split("\t", 2)[0]).toList();
  }

  /** All columns of all rows. */
  public String rows(String database, String sql) {
    return run(database, sql);
  }

  private String run(String database, String sql) {
    try {
      Process client =
          new ProcessBuilder(
                  CLIENT.toString(),
                  "--no-defaults",
                  "--socket=" + socket(),
                  "--user=root",
                  "--default-character-set=utf8mb4",
                  "--batch",
                  "--skip-column-names",
                  "--comments",
                  "--delimiter=;;",
                  database)
              .redirectErrorStream(true)
              .start();
      try (var in = client.getOutputStream()) {
        in.write(sql.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It may end before it read anything, while the server starts: what it says tells why.
      }
      String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (client.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void install() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(asServerUser());
    command.addAll(
        List.of(
            INSTALL.toString(),
            "--no-defaults",
            "--datadir=" + data(),
            "--auth-root-authentication-method=normal",
            "--skip-test-db"));
    if (builder(command).start().waitFor() != 0) {
      throw new IOException("mariadb-install-db: " + Files.readString(directory.resolve("log")));
    }
  }

  private Process launch(List<String> settings) throws IOException {
    List<String> command = new ArrayList<>(asServerUser());
    command.addAll(
        List.of(
            SERVER.toString(),
            "--no-defaults",
            "--datadir=" + data(),
            "--port=" + port,
            "--bind-address=127.0.0.1",
            "--socket=" + socket(),
            "--pid-file=" + directory.resolve("pid"),
            "--skip-name-resolve",
            "--character-set-server=utf8mb4",
            "--innodb-buffer-pool-size=64M",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-doublewrite=OFF"));
    settings.forEach(setting -> command.add("--" + setting));
    return builder(command).start();
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Await.PATIENCE.toNanos();
    while (true) {
      try {
        query("mysql", "SELECT 1");
        return;
      } catch (IllegalStateException e) {
        if (!server.isAlive() || System.nanoTime() > deadline) {
          String log = Files.readString(directory.resolve("log"), StandardCharsets.UTF_8);
          stop();
          throw new IOException("MariaDB did not start: " + log, e);
        }
        server.waitFor(50, TimeUnit.MILLISECONDS);
      }
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
        server.destroy();
        if (!server.waitFor(20, TimeUnit.SECONDS)) {
          server.destroyForcibly();
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

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()));
    // A server that starts clears other servers' temporary tables where they share a place.
    builder.environment().put("TMPDIR", directory.toString());
    return builder;
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private String socket() {
    return directory.resolve("s").toString();
  }

  private static List<String> asServerUser() throws IOException {
    return "root".equals(System.getProperty("user.name"))
        ? List.of("setpriv", "--reuid=" + user(), "--regid=" + group(), "--clear-groups", "--")
        : List.of();
  }

  private static String user() throws IOException {
    return there("/etc/passwd") ? "mysql" : "nobody";
  }

  private static String group() throws IOException {
    return there("/etc/group") ? "mysql" : "nogroup";
  }

  private static boolean there(String file) throws IOException {
    return Arrays.stream(Files.readString(Path.of(file)).split("\n", -1))
        .anyMatch(line -> line.startsWith("mysql:"));
  }

  private static void giveToServerUser(Path directory) throws IOException {
    if ("root".equals(System.getProperty("user.name"))) {
      var users = directory.getFileSystem().getUserPrincipalLookupService();
      Files.setOwner(directory, users.lookupPrincipalByName(user()));
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }

  private static void deleteTree(Path root) throws IOException {
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
