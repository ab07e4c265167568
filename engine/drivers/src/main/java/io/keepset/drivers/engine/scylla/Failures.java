package io.keepset.drivers.engine.scylla;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import javax.net.ssl.SSLException;

/** What a cluster, a node or its disk complains of, with cause and fix; scrubbed. */
final class Failures {
  private Failures() {}

  static DriverException explain(String doing, Throwable error, Place place) {
    Throwable cause = cause(error);
    String said = place.scrubber().scrub(text(cause));
    String at = doing + " (keyspace " + place.keyspace() + " on " + place.where() + "): ";
    if (cause instanceof AuthenticationException) {
      return of(
          Kind.DENIED,
          at
              + "the user or its password is wrong, or the cluster wants one; check"
              + " connection.user and what connection.password refers to",
          said,
          error);
    }
    if (cause instanceof UnauthorizedException) {
      return of(
          Kind.DENIED,
          at
              + "the user lacks a right; restores need, as superuser: GRANT CREATE, ALTER, DROP,"
              + " MODIFY ON ALL KEYSPACES TO the user, or name another in connection.restore_user",
          said,
          error);
    }
    if (cause instanceof SecurityException) {
      return of(
          Kind.DENIED,
          at
              + "JMX wants another login; check connection.jmx_user and what"
              + " connection.jmx_password refers to",
          said,
          error);
    }
    if (cause instanceof SSLException) {
      return of(
          Kind.DENIED,
          at
              + "no trusted TLS connection; check connection.tls.ca, that connection.host is the"
              + " name in the certificate, and that the port speaks TLS",
          said,
          error);
    }
    if (cause instanceof AccessDeniedException) {
      return of(
          Kind.DENIED,
          at
              + "user "
              + System.getProperty("user.name")
              + " may not use this file of the node; run Keepset as the user of the database",
          said,
          error);
    }
    if (cause instanceof NoSuchFileException) {
      return of(
          Kind.TRANSIENT,
          at + "a file of the snapshot is gone; did somebody clear the snapshot meanwhile?",
          said,
          error);
    }
    if (cause instanceof DriverTimeoutException) {
      return of(
          Kind.TRANSIENT,
          at
              + "the node said nothing for "
              + place.timeout().multipliedBy(4).toSeconds()
              + " s (four times connection.timeout)",
          said,
          error);
    }
    if (said.contains("Connection refused")) {
      return of(
          Kind.TRANSIENT,
          at + "nothing answers there; check host and port, and that the node runs",
          said,
          error);
    }
    return of(Kind.TRANSIENT, at + "it failed", said, error);
  }

  /** What the driver wraps: it tells of every node, and of the reason below. */
  private static Throwable cause(Throwable error) {
    Throwable at = error;
    for (int depth = 0; depth < 10; depth++) {
      Throwable inner = inner(at);
      if (inner == at) {
        return at;
      }
      at = inner;
    }
    return at;
  }

  private static Throwable inner(Throwable error) {
    if (error instanceof AllNodesFailedException all) {
      for (var failures : all.getAllErrors().values()) {
        for (Throwable failure : failures) {
          return failure;
        }
      }
    }
    boolean telling =
        error instanceof AuthenticationException
            || error instanceof UnauthorizedException
            || error instanceof SecurityException;
    return error.getCause() == null || telling ? error : error.getCause();
  }

  private static String text(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }

  private static DriverException of(Kind kind, String message, String said, Throwable cause) {
    return new DriverException(kind, message + ". It said: " + said, cause);
  }
}
