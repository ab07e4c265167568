package io.keepset.drivers.engine.rethinkdb;

import io.keepset.drivers.tls.Tls;
import io.keepset.drivers.tool.Scrubber;
import io.keepset.drivers.tool.Silence;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where a server listens and who we are there.
 *
 * @param user empty for {@code admin}
 * @param timeout how long to wait for a connection
 * @param silence how long a server may say nothing
 * @param spool where a table lies until its size is known
 */
record Address(
    String host,
    int port,
    String database,
    Optional<String> user,
    Optional<Secret> password,
    Tls tls,
    Duration timeout,
    Duration silence,
    Path spool) {
  static final int PORT = 28015;

  /** Of the login that reads. */
  static Address toDump(Source source) throws DriverException {
    return of(source, "", Silence.whileDumping(source.options()));
  }

  /** Of the login that creates databases: {@code restore_user}, if there is one. */
  static Address toRestore(Source source) throws DriverException {
    String prefix = source.connection().get("restore_user").isPresent() ? "restore_" : "";
    return of(source, prefix, Silence.whileRestoring(source.options()));
  }

  private static Address of(Source source, String prefix, Duration silence) throws DriverException {
    Options connection = source.connection();
    Optional<String> reference = connection.get(prefix + "password");
    Optional<Secret> password =
        reference.isEmpty()
            ? Optional.empty()
            : Optional.of(source.secrets().resolve(reference.get()));
    return new Address(
        connection.get("host", "localhost"),
        Integer.parseInt(connection.get("port", String.valueOf(PORT))),
        connection.get("database", source.database()),
        connection.get(prefix + "user"),
        password,
        Tls.of(connection, source.secrets()),
        Duration.ofSeconds(Long.parseLong(connection.get("timeout", "20"))),
        silence,
        Path.of(source.options().get("temp_dir", System.getProperty("java.io.tmpdir"))));
  }

  /** For messages: {@code rethink1.internal:28015}. */
  String where() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  Scrubber scrubber() {
    return new Scrubber(password.map(List::of).orElse(List.of()));
  }
}
