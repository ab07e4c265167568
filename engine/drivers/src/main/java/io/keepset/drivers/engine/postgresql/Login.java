package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.tool.Scrubber;
import io.keepset.drivers.tool.SecretFiles;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the tools get in: the environment they read, and the {@link SecretFiles} behind it, which go
 * with {@link #close}, or earlier with {@link #forget} once the tool is connected.
 */
final class Login implements AutoCloseable {
  private static final Map<String, String> TLS =
      Map.of("tls.mode", "PGSSLMODE", "tls.ca", "PGSSLROOTCERT", "tls.cert", "PGSSLCERT");

  private final SortedMap<String, String> environment = new TreeMap<>();
  private final List<Secret> secrets = new ArrayList<>();
  private final String where;
  private final SecretFiles files = new SecretFiles();

  private Login(Options connection, String database) {
    String host = connection.get("host", "localhost");
    String port = connection.get("port", "5432");
    environment.put("PGHOST", host);
    environment.put("PGPORT", port);
    environment.put("PGDATABASE", database);
    environment.put("PGAPPNAME", "keepset");
    environment.put("PGCONNECT_TIMEOUT", connection.get("connect_timeout", "10"));
    TLS.forEach(
        (key, variable) ->
            connection.get(key).ifPresent(value -> environment.put(variable, value)));
    where = host.startsWith("/") ? "socket " + host + " port " + port : host + ":" + port;
  }

  /** Of the login that reads. */
  static Login toDump(Source source) throws DriverException {
    return open(source, databaseOf(source), "user", "password");
  }

  /**
   * Of the login that creates databases: {@code restore_user} if there is one, as the login that
   * backs up needs no right to write.
   *
   * @param database to connect to
   */
  static Login toRestore(Source source, String database) throws DriverException {
    boolean own = source.connection().get("restore_user").isPresent();
    return open(
        source, database, own ? "restore_user" : "user", own ? "restore_password" : "password");
  }

  /** The name on the server, which may differ from the name in the policy. */
  static String databaseOf(Source source) {
    return source.connection().get("database", source.database());
  }

  private static Login open(Source source, String database, String user, String password)
      throws DriverException {
    Login login = new Login(source.connection(), database);
    try {
      source.connection().get(user).ifPresent(name -> login.environment.put("PGUSER", name));
      Optional<String> reference = source.connection().get(password);
      if (reference.isPresent()) {
        login.writePassword(source.secrets().resolve(reference.get()));
      }
      Optional<String> key = source.connection().get("tls.key");
      if (key.isPresent()) {
        Secret secret = source.secrets().resolve(key.get());
        login.environment.put("PGSSLKEY", login.write("key.pem", secret.reveal() + "\n"));
      }
      return login;
    } catch (DriverException | RuntimeException e) {
      login.close();
      throw e;
    }
  }

  SortedMap<String, String> environment() {
    return environment;
  }

  Scrubber scrubber() {
    return new Scrubber(secrets);
  }

  /** For messages: {@code db1.internal:5432}. */
  String where() {
    return where;
  }

  String user() {
    return environment.getOrDefault("PGUSER", System.getProperty("user.name"));
  }

  String database() {
    return environment.getOrDefault("PGDATABASE", "");
  }

  /** Removes the files: the tool has read them. */
  void forget() {
    close();
  }

  @Override
  public void close() {
    files.close();
  }

  private void writePassword(Secret secret) throws DriverException {
    secrets.add(secret);
    if (secret.reveal().indexOf('\n') >= 0) {
      throw new DriverException(
          Kind.REJECTED, "the password holds a line break; PostgreSQL's tools can't take that");
    }
    String escaped = secret.reveal().replace("\\", "\\\\").replace(":", "\\:");
    environment.put("PGPASSFILE", write("pgpass", "*:*:*:*:" + escaped + "\n"));
  }

  private String write(String name, String content) throws DriverException {
    return files.write(name, content).toString();
  }
}
