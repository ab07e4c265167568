package io.keepset.drivers.engine.rethinkdb;

import com.rethinkdb.gen.exc.ReqlAuthError;
import com.rethinkdb.gen.exc.ReqlAvailabilityError;
import com.rethinkdb.gen.exc.ReqlDriverError;
import com.rethinkdb.gen.exc.ReqlNonExistenceError;
import com.rethinkdb.gen.exc.ReqlPermissionError;
import com.rethinkdb.gen.exc.ReqlResourceLimitError;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a server or the driver complains of, with cause and fix; scrubbed. */
final class Failures {
  private Failures() {}

  static DriverException explain(String doing, RuntimeException error, Address address) {
    String said = address.scrubber().scrub(text(error));
    String at = doing + " (database " + address.database() + " on " + address.where() + "): ";
    if (error instanceof ReqlAuthError || said.contains("password")) {
      return of(
          Kind.DENIED,
          at
              + "the user or its password is wrong; check connection.user and what"
              + " connection.password refers to",
          said,
          error);
    }
    if (error instanceof ReqlPermissionError) {
      return of(
          Kind.DENIED,
          at
              + "the user lacks a right; as admin: r.db(\""
              + address.database()
              + "\").grant(\""
              + address.user().orElse("backup")
              + "\", {read: true}); restores need r.grant(…, {read: true, write: true, config:"
              + " true})",
          said,
          error);
    }
    if (has(error, SSLException.class)) {
      return of(
          Kind.DENIED,
          at
              + "no trusted TLS connection; check connection.tls.ca, that connection.host is the"
              + " name in the certificate, and that the port speaks TLS",
          said,
          error);
    }
    if (has(error, UnknownHostException.class)) {
      return of(
          Kind.TRANSIENT,
          at + "the name can't be resolved; check connection.host and DNS",
          said,
          error);
    }
    if (error instanceof ReqlNonExistenceError) {
      return of(Kind.NOT_FOUND, at + "it is not there", said, error);
    }
    if (said.contains("already exists")) {
      return of(Kind.REJECTED, at + "somebody else has made it meanwhile", said, error);
    }
    if (error instanceof ReqlAvailabilityError) {
      return of(
          Kind.TRANSIENT, at + "a table has no primary replica that answers now", said, error);
    }
    if (error instanceof ReqlResourceLimitError) {
      return of(Kind.REJECTED, at + "the server's own limit is reached", said, error);
    }
    if (error instanceof ReqlDriverError) {
      return of(
          Kind.TRANSIENT,
          at
              + "nothing answers, or the server ended the connection; check host, port and that the"
              + " server runs, and look into its log",
          said,
          error);
    }
    return of(Kind.TRANSIENT, at + "the server refused", said, error);
  }

  private static boolean has(Throwable error, Class<? extends Throwable> kind) {
    for (@Nullable Throwable at = error; at != null; at = at.getCause()) {
      if (kind.isInstance(at)) {
        return true;
      }
    }
    return false;
  }

  private static String text(Throwable error) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = error; at != null && text.length() < 1500; at = at.getCause()) {
      text.append(text.isEmpty() ? "" : " | ")
          .append(at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage());
    }
    return text.toString().strip().replaceAll("\\s*\\n\\s*", " ");
  }

  private static DriverException of(Kind kind, String message, String said, Throwable cause) {
    return new DriverException(kind, message + ". It said: " + said, cause);
  }
}
