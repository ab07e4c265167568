package io.keepset.drivers.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.lab.FreePort;
import io.keepset.drivers.lab.LabHome;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import io.keepset.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Redis on a free port of 127.0.0.1, with a directory of its own. {@link #close} ends it and
 * leaves nothing. It knows the user {@code default}, who may do all, {@code backup} and {@code
 * restore}, who may do what the docs say that they need, and {@code nobody}, who may not copy.
 */
final class RedisLab implements AutoCloseable {
  /** The same on every server of this process, as a restore logs in like the backup did. */
  static final String PASSWORD = "pw-" + UUID.randomUUID();

  private static final String LOG = "log";

  static final Path PROGRAM = Path.of("/usr/bin/redis-server");

  private final LabHome home = new LabHome("redis");
  private final int port;
  private final Process server;

  private RedisLab(List<String> settings) throws IOException {
    this.port = FreePort.take();
    this.server = home.start(new ProcessBuilder(PROGRAM.toString(), "-"), LOG);
    StringBuilder conf = new StringBuilder();
    for (String line :
        List.of(
            "port " + port,
            "bind 127.0.0.1",
            "dir " + home.path(),
            "save \"\"",
            "appendonly no",
            "rdbcompression no",
            "repl-diskless-sync-delay 0",
            "enable-debug-command local",
            "requirepass " + PASSWORD,
            "user nobody on >n-" + PASSWORD + " ~* -@all +ping +info")) {
      conf.append(line).append('\n');
    }
    settings.forEach(line -> conf.append(line).append('\n'));
    try (var stdin = server.getOutputStream()) {
      stdin.write(conf.toString().getBytes(StandardCharsets.UTF_8));
    }
    awaitReady();
    for (String statement : List.of(Failures.LEAST_RIGHTS, Failures.RESTORE_RIGHTS)) {
      run(statement.replace("'>…'", ">" + PASSWORD).split(" ", -1));
    }
  }

  /** Starts one; skips the test if there is none on this machine. */
  static RedisLab start(String... settings) {
    Assumptions.assumeTrue(
        Files.isExecutable(PROGRAM), "no Redis at " + PROGRAM + " (apt-get install redis-server)");
    try {
      return new RedisLab(List.of(settings));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return "127.0.0.1:" + port;
  }

  /** By the logins that the docs give, one to back up and one to restore. */
  Source leastRights() {
    return source(
        Map.of("user", "backup", "restore_user", "restore", "restore_password", "env:LAB"));
  }

  /** By a login that may do all. */
  Source source(Map<String, String> connection) {
    TreeMap<String, String> all = new TreeMap<>();
    all.put("host", "127.0.0.1");
    all.put("port", String.valueOf(port));
    all.put("password", "env:LAB");
    all.putAll(connection);
    return new Source("cache", new Options(all), Options.NONE, EngineLab.secrets(PASSWORD));
  }

  /** Runs a command as the user who may do all. */
  String run(String... command) {
    try (Connection connection = Connection.open(Address.toDump(source(Map.of())))) {
      return connection.ask(command);
    } catch (DriverException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs a command in one of its databases. */
  String runIn(int database, String... command) {
    try (Connection connection = Connection.open(Address.toDump(source(Map.of())))) {
      connection.ask("SELECT", String.valueOf(database));
      return connection.ask(command);
    } catch (DriverException e) {
      throw new IllegalStateException(e);
    }
  }

  long keys() {
    try (Connection connection = Connection.open(Address.toDump(source(Map.of())))) {
      return Server.ask(connection).keys();
    } catch (DriverException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean alive() {
    return server.isAlive();
  }

  private void awaitReady() {
    try {
      Await.until(
          "Redis to answer",
          () -> {
            assertThat(server.isAlive()).as(() -> "Redis ended: " + home.read(LOG)).isTrue();
            try (Connection connection = Connection.open(Address.toDump(source(Map.of())))) {
              connection.ask("PING");
              return true;
            }
          },
          () -> home.read(LOG));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends it as a crash does. */
  void kill() {
    home.kill();
  }

  Optional<Runnable> death() {
    return Optional.of(this::kill);
  }

  @Override
  public void close() {
    home.close();
  }
}
