package io.keepset.drivers.http;

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
 * @param product for messages: {@code RabbitMQ}
 * @param user with its password; both or neither
 * @param patience how long a server may say nothing before it counts as gone
 */
public record Endpoint(
    String product,
    String host,
    int port,
    Optional<String> user,
    Optional<Secret> password,
    Tls tls,
    Duration patience) {

  /** Of the login that reads. */
  public static Endpoint toDump(String product, Source source, int usualPort)
      throws DriverException {
    Options connection = source.connection();
    return of(product, source, connection.get("host", "localhost"), port(source, usualPort), "");
  }

  /** Of the login that restores: one of its own, or else the same. */
  public static Endpoint toRestore(String product, Source source, int usualPort)
      throws DriverException {
    Options connection = source.connection();
    return of(
        product,
        source,
        connection.get("host", "localhost"),
        port(source, usualPort),
        prefix(connection));
  }

  /** The same at another server: {@code host:port}. */
  public static Endpoint toRestore(String product, Source source, String named)
      throws DriverException {
    int colon = named.lastIndexOf(':');
    String port = named.substring(colon + 1);
    if (colon <= 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
      throw new DriverException(
          Kind.REJECTED,
          "\"" + named + "\" is no address of a " + product + " server; name one as host:port");
    }
    String host = named.substring(0, colon).replaceAll("^\\[|]$", "");
    return of(product, source, host, Integer.parseInt(port), prefix(source.connection()));
  }

  private static String prefix(Options connection) {
    boolean own =
        connection.get("restore_user").isPresent()
            || connection.get("restore_password").isPresent();
    return own ? "restore_" : "";
  }

  private static int port(Source source, int usual) {
    return Integer.parseInt(source.connection().get("port", String.valueOf(usual)));
  }

  private static Endpoint of(String product, Source source, String host, int port, String prefix)
      throws DriverException {
    Options connection = source.connection();
    Optional<String> reference = connection.get(prefix + "password");
    return new Endpoint(
        product,
        host,
        port,
        connection.get(prefix + "user"),
        reference.isEmpty()
            ? Optional.empty()
            : Optional.of(source.secrets().resolve(reference.get())),
        Tls.of(connection, source.secrets()),
        Duration.ofSeconds(Long.parseLong(connection.get("timeout", "60"))));
  }

  /** For messages and reports: {@code mq1.internal:15672}. */
  public String where() {
    return bracketed() + ":" + port;
  }

  String base() {
    return (tls.enabled() ? "https://" : "http://") + where() + "/";
  }

  private String bracketed() {
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
