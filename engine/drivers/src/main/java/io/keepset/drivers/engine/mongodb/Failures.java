package io.keepset.drivers.engine.mongodb;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketReadTimeoutException;
import io.keepset.drivers.tool.KnownFailures;
import io.keepset.drivers.tool.KnownFailures.Known;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server, the driver or a tool complains of, with cause and fix; scrubbed. */
final class Failures {
  private static final int UNAUTHORIZED = 13;
  private static final int AUTHENTICATION_FAILED = 18;

  private static final String TO_READ =
      "the user lacks a right; as administrator: db.getSiblingDB(\"admin\").grantRolesToUser("
          + "\"%u\", [{role: \"read\", db: \"%d\"}])";
  private static final String TO_WRITE =
      "; restores need {role: \"readWrite\", db: …} on the database that is restored into";

  private static final Known LOGIN =
      Known.of(
          "auth error|[Aa]uthentication failed|Exception authenticating|AuthenticationFailed",
          Kind.DENIED,
          "the user or its password is wrong; check connection.user, connection.auth_database"
              + " and what connection.password refers to");
  private static final Known RIGHTS =
      Known.of("not authorized|Unauthorized|requires authentication", Kind.DENIED, TO_READ);

  private static final KnownFailures KNOWN =
      new KnownFailures(
          List.of(
              LOGIN,
              RIGHTS,
              Known.of(
                  "SSLHandshake|PKIX path|certificate|tls: |x509:",
                  Kind.DENIED,
                  "no trusted TLS connection; check connection.tls.ca, that connection.host is the"
                      + " name in the certificate, and that the server speaks TLS"),
              Known.of(
                  "UnknownHost|no such host|Name or service not known",
                  Kind.TRANSIENT,
                  "the name can't be resolved; check connection.host and DNS"),
              Known.of(
                  "Connection refused|connection refused",
                  Kind.TRANSIENT,
                  "nothing listens there; check host, port and that the server runs"),
              Known.of(
                  "server selection|Timed out (?:while|after)|NotPrimary|not master|no reachable",
                  Kind.TRANSIENT,
                  "no server could be chosen; check hosts, replica_set and that a member has the"
                      + " role that is read from (option read_preference)"),
              Known.of(
                  "error getting oplog start",
                  Kind.REJECTED,
                  "the server has no oplog: only members of a replica set do"),
              Known.of(
                  "demultiplexing archive|archive io error|does not appear to be a mongodump"
                      + " archive",
                  Kind.DAMAGED,
                  "the archive is damaged"),
              Known.of(
                  "[Nn]o space left on device|OutOfDiskSpace", Kind.TRANSIENT, "a disk is full"),
              Known.of(
                  "CursorNotFound|cursor id .* not found",
                  Kind.TRANSIENT,
                  "the server gave up the cursor, as the store was slower than it waits (10"
                      + " minutes)"),
              Known.of(
                  "socket|Socket|EOF|connection .*closed|prematurely",
                  Kind.TRANSIENT,
                  "the server ended the connection in the middle; nothing of this run is kept,"
                      + " look into the server's log")));

  private Failures() {}

  static DriverException explain(String doing, MongoException error, Address address) {
    String said = address.scrubber().scrub(text(error));
    if (error instanceof MongoSecurityException || error.getCode() == AUTHENTICATION_FAILED) {
      return of(doing, LOGIN, said, address, error);
    }
    if (error instanceof MongoCommandException && error.getCode() == UNAUTHORIZED) {
      return of(doing, RIGHTS, said, address, error);
    }
    if (error instanceof MongoSocketReadTimeoutException) {
      String silent =
          "the server said nothing for "
              + address.silence().toSeconds()
              + " s (option silence_limit)";
      return of(doing, Known.of("", Kind.TRANSIENT, silent), said, address, error);
    }
    return explain(doing, said, address, error);
  }

  static DriverException explain(String tool, ToolExit exit, Address address) {
    String said = shorten(address.scrubber().scrub(exit.stderr()));
    return explain(
        tool, said.isEmpty() ? "nothing; it ended with " + exit.code() : said, address, null);
  }

  private static DriverException explain(
      String doing, String said, Address address, @Nullable MongoException cause) {
    Known known = KNOWN.find(said).orElse(Known.of("", Kind.TRANSIENT, "the server refused"));
    return of(doing, known, said, address, cause);
  }

  private static DriverException of(
      String doing, Known known, String said, Address address, @Nullable Throwable cause) {
    String fix =
        known
            .fix()
            .replace("%u", address.user().orElse("backup"))
            .replace("%d", address.database());
    String message =
        doing
            + " (database "
            + address.database()
            + " on "
            + address.where()
            + "): "
            + fix
            + (known.fix().equals(TO_READ) ? TO_WRITE : "")
            + ". It said: "
            + shorten(said);
    return cause == null
        ? new DriverException(known.kind(), message)
        : new DriverException(known.kind(), message, cause);
  }

  /** With its causes: the outermost often says only that it waited. */
  private static String text(Throwable error) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = error; at != null && text.length() < 2000; at = at.getCause()) {
      text.append(text.isEmpty() ? "" : " | ")
          .append(at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage());
    }
    return text.toString();
  }

  /** One line without the tools' time stamps, not longer than a screen. */
  static String shorten(String said) {
    return KnownFailures.shorten(said.replaceAll("(?m)^\\d{4}-\\d\\d-\\d\\dT\\S+\\s+", ""));
  }
}
