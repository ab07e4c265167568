package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.tool.Scrubber;
import io.keepset.drivers.tool.SecretFiles;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the tools get in: an option file for each family of them, 0600, that is the first argument of
 * every call. No other option file is read, and no secret is an argument or in the environment.
 */
final class Login implements AutoCloseable {
  private static final String USUAL_PORT = "3306";

  private final Options connection;
  private final String database;
  private final Optional<String> user;
  private final Optional<Secret> password;
  private final Optional<Secret> key;
  private final SecretFiles files = new SecretFiles();
  private final Map<Flavour, Path> optionFiles = new EnumMap<>(Flavour.class);
  private boolean closed;

  private Login(Source source, String user, String password) throws DriverException {
    this.connection = source.connection();
    this.database = databaseOf(source);
    this.user = connection.get(user);
    this.password = secret(source, password);
    this.key = secret(source, "tls.key");
    if (this.password.isPresent() && this.password.get().reveal().matches("(?s).*[\\r\\n].*")) {
      throw new DriverException(
          Kind.REJECTED, "the password holds a line break; MySQL's tools can't take that");
    }
  }

  /** Of the login that reads. */
  static Login toDump(Source source) throws DriverException {
    return new Login(source, "user", "password");
  }

  /**
   * Of the login that creates databases: {@code restore_user} if there is one, as the login that
   * backs up needs no right to write.
   */
  static Login toRestore(Source source) throws DriverException {
    return source.connection().get("restore_user").isPresent()
        ? new Login(source, "restore_user", "restore_password")
        : toDump(source);
  }

  /** The name on the server, which may differ from the name in the policy. */
  static String databaseOf(Source source) {
    return source.connection().get("database", source.database());
  }

  private static Optional<Secret> secret(Source source, String key) throws DriverException {
    Optional<String> reference = source.connection().get(key);
    return reference.isEmpty()
        ? Optional.empty()
        : Optional.of(source.secrets().resolve(reference.get()));
  }

  String database() {
    return database;
  }

  /** For messages: {@code db1.internal:3306}. */
  String where() {
    String host = host();
    return host.startsWith("/")
        ? "socket " + host
        : host + ":" + connection.get("port", USUAL_PORT);
  }

  String user() {
    return user.orElse(System.getProperty("user.name"));
  }

  /** In seconds. */
  String connectTimeout() {
    return connection.get("connect_timeout", "10");
  }

  Scrubber scrubber() {
    return new Scrubber(password.stream().toList());
  }

  /** The argument that must be the first. */
  synchronized String optionFile(Tools tools) throws DriverException {
    if (closed) {
      throw new IllegalStateException("a login was used after its end");
    }
    Flavour flavour = tools.flavour();
    @Nullable Path file = optionFiles.get(flavour);
    if (file == null) {
      file = files.write(flavour.name().toLowerCase(Locale.ROOT) + ".cnf", content(flavour));
      optionFiles.put(flavour, file);
    }
    return "--defaults-file=" + file;
  }

  private String host() {
    return connection.get("host", "localhost");
  }

  private String content(Flavour flavour) throws DriverException {
    List<String> lines = new ArrayList<>(List.of("[client]"));
    String host = host();
    if (host.startsWith("/")) {
      lines.add("socket=" + quoted(host));
    } else {
      // The tools take "localhost" for the socket otherwise.
      lines.add("protocol=tcp");
      lines.add("host=" + quoted(host));
      lines.add("port=" + connection.get("port", USUAL_PORT));
    }
    user.ifPresent(name -> lines.add("user=" + quoted(name)));
    // Without it a tool would ask the terminal.
    lines.add("password=" + quoted(password.map(Secret::reveal).orElse("")));
    lines.add("default-character-set=utf8mb4");
    tls(flavour, lines);
    return String.join("\n", lines) + "\n";
  }

  private void tls(Flavour flavour, List<String> lines) throws DriverException {
    if (!connection.flag("tls.enabled", false)) {
      return;
    }
    lines.add(
        flavour == Flavour.MARIADB ? "ssl\nssl-verify-server-cert" : "ssl-mode=VERIFY_IDENTITY");
    connection.get("tls.ca").ifPresent(file -> lines.add("ssl-ca=" + quoted(file)));
    connection.get("tls.cert").ifPresent(file -> lines.add("ssl-cert=" + quoted(file)));
    if (key.isPresent()) {
      Path file = files.write(flavour + "-key.pem", key.get().reveal() + "\n");
      lines.add("ssl-key=" + quoted(file.toString()));
    }
  }

  /** As option files want it: in double quotes, where a backslash escapes. */
  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @Override
  public synchronized void close() {
    closed = true;
    files.close();
  }
}
