package io.keepset.app.state;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secrets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the state is.
 *
 * @param url JDBC, of H2 or PostgreSQL
 * @param user empty for H2
 * @param password a reference ({@code env:NAME}, {@code file:/run/secrets/x}); empty for H2 and for
 *     servers that ask for none
 */
public record StateSettings(
    Dialect dialect, String url, Optional<String> user, Optional<String> password) {
  public static final String URL = "KEEPSET_STATE_URL";
  public static final String USER = "KEEPSET_STATE_USER";
  public static final String PASSWORD = "KEEPSET_STATE_PASSWORD";

  private static final String H2_PREFIX = "jdbc:h2:async:";
  private static final String POSTGRESQL_PREFIX = "jdbc:postgresql:";

  /**
   * The settings of an installation: PostgreSQL if {@value #URL} names one, otherwise an H2 file
   * below the data directory. {@value #PASSWORD} may hold a reference or the password itself.
   */
  public static StateSettings of(Path data, Map<String, String> environment)
      throws DriverException {
    String url = environment.getOrDefault(URL, "");
    if (url.isBlank()) {
      return h2(data.resolve("state").resolve("keepset"));
    }
    if (!url.startsWith(POSTGRESQL_PREFIX)) {
      throw new DriverException(
          Kind.REJECTED,
          URL
              + " must be the JDBC address of a PostgreSQL, such as"
              + " jdbc:postgresql://db1:5432/keepset; leave it out to keep the state in a file");
    }
    if (url.contains("password=")) {
      throw new DriverException(
          Kind.REJECTED, URL + " must not hold a password; put it into " + PASSWORD);
    }
    return new StateSettings(
        Dialect.POSTGRESQL,
        url,
        Optional.ofNullable(environment.get(USER)),
        Optional.ofNullable(environment.get(PASSWORD)).map(StateSettings::reference));
  }

  /** An H2 file; the path has no suffix. */
  public static StateSettings h2(Path file) throws DriverException {
    String path = file.toAbsolutePath().normalize().toString();
    if (path.contains(";")) {
      throw new DriverException(
          Kind.REJECTED, "the data directory's path must not contain a semicolon: " + path);
    }
    // A commit is in the file when it returns: kill -9 must not cost what was said to be done.
    // The asynchronous file system, because the usual one closes its file under all threads when
    // one of them is interrupted, as a stop does.
    return new StateSettings(
        Dialect.H2,
        H2_PREFIX + path + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0",
        Optional.empty(),
        Optional.empty());
  }

  private static String reference(String password) {
    return password.startsWith("env:") || password.startsWith("file:")
        ? password
        : "env:" + PASSWORD;
  }

  /** The password in clear, for the driver alone. */
  Optional<String> reveal(Secrets secrets) throws DriverException {
    return password.isEmpty()
        ? Optional.empty()
        : Optional.of(secrets.resolve(password.get()).reveal());
  }

  /** For people, without parameters and secrets. */
  public String describe() {
    int end = url.indexOf(dialect == Dialect.H2 ? ';' : '?');
    String plain = end < 0 ? url : url.substring(0, end);
    return switch (dialect) {
      case H2 -> plain.substring(H2_PREFIX.length()) + ".mv.db";
      case POSTGRESQL -> plain.substring("jdbc:".length());
    };
  }
}
