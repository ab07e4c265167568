package io.keepset.drivers.engine.redis;

import io.keepset.drivers.tls.Tls;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a server listens and who we are there.
 *
 * @param user empty for the user {@code default}
 * @param tls settings below {@code connection.tls}
 * @param patience how long a server may say nothing before it counts as gone
 * @param rights the statement that makes a user with the rights that this is for
 */
record Address(
    String host,
    int port,
    Optional<String> user,
    Optional<Secret> password,
    Tls tls,
    Duration patience,
    String rights) {
  private static final int USUAL_PORT = 6379;

  /** Of the login that reads. */
  static Address toDump(Source source) throws DriverException {
    return of(
        source,
        source.connection().get("host", "localhost"),
        port(source),
        "",
        Failures.LEAST_RIGHTS);
  }

  /** Of the login that may change what a server replicates. */
  static Address toRestore(Source source) throws DriverException {
    return toRestore(source, source.connection().get("host", "localhost"), port(source));
  }

  /** The same at another server: {@code host:port}. */
  static Address toRestore(Source source, String named) throws DriverException {
    int colon = named.lastIndexOf(':');
    String port = named.substring(colon + 1);
    boolean good = colon > 0 && port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= 65_535;
    if (!good) {
      throw new DriverException(
          Kind.REJECTED,
          "\"" + named + "\" is no address of a Redis server; name an empty one as host:port");
    }
    String host = named.substring(0, colon).replaceAll("^\\[|]$", "");
    return toRestore(source, host, Integer.parseInt(port));
  }

  private static Address toRestore(Source source, String host, int port) throws DriverException {
    Options connection = source.connection();
    boolean own =
        connection.get("restore_user").isPresent()
            || connection.get("restore_password").isPresent();
    return of(source, host, port, own ? "restore_" : "", Failures.RESTORE_RIGHTS);
  }

  private static Address of(Source source, String host, int port, String prefix, String rights)
      throws DriverException {
    Options connection = source.connection();
    Optional<String> reference = connection.get(prefix + "password");
    Optional<Secret> password =
        reference.isEmpty()
            ? Optional.empty()
            : Optional.of(source.secrets().resolve(reference.get()));
    return new Address(
        host,
        port,
        connection.get(prefix + "user"),
        password,
        Tls.of(connection, source.secrets()),
        Duration.ofSeconds(Long.parseLong(connection.get("timeout", "60"))),
        rights);
  }

  private static int port(Source source) {
    return Integer.parseInt(source.connection().get("port", String.valueOf(USUAL_PORT)));
  }

  /** For messages and reports: {@code redis1.internal:6379}. */
  String where() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
