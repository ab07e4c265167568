package io.keepset.drivers.tool;

import io.keepset.policy.Options;
import java.util.Locale;
import java.util.Set;

/** How discovery spells a server, so that one place has one spelling. */
public final class ServerPlace {
  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "::1");

  private ServerPlace() {}

  /**
   * {@code db1.internal:5432}, and {@code localhost:5432} however this machine is called. Names are
   * not resolved.
   *
   * @param port where nothing else is said
   */
  public static String of(Options connection, int port) {
    String host = connection.get("host", "localhost");
    // A directory is that of a socket.
    String spelled = host.startsWith("/") ? host : host.toLowerCase(Locale.ROOT);
    return (HERE.contains(spelled) ? "localhost" : spelled)
        + ":"
        + connection.get("port", String.valueOf(port));
  }
}
