package io.keepset.drivers.http;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a network does to a conversation, with cause and fix. */
final class Unreachable {
  /** Java's words; there is no type and no cause to tell it by. */
  private static final String HUNG_UP = "terminated the handshake";

  private Unreachable() {}

  static DriverException explain(String doing, IOException error, Endpoint endpoint) {
    String at = doing + " at " + endpoint.product() + " " + endpoint.where() + ": ";
    String said =
        error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    if (has(error, UnresolvedAddressException.class)) {
      return of(Kind.TRANSIENT, at + "the name can't be resolved; check host and DNS", said, error);
    }
    if (has(error, SSLException.class) && said.contains(HUNG_UP)) {
      // Java tells a server that dies in the middle of the handshake like one that nobody trusts.
      return of(
          Kind.TRANSIENT,
          at
              + "the server hung up before TLS was agreed; see that it runs, and that the port"
              + " speaks TLS",
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
    if (has(error, HttpTimeoutException.class) || error instanceof Silence) {
      return of(
          Kind.TRANSIENT,
          at
              + "the server said nothing for "
              + endpoint.patience().toSeconds()
              + " s (connection.timeout)",
          said,
          error);
    }
    if (has(error, ConnectException.class)) {
      return of(
          Kind.TRANSIENT,
          at + "nothing listens there; check host, port and that the server runs",
          said,
          error);
    }
    return of(
        Kind.TRANSIENT,
        at + "the connection broke in the middle; look into the server's log",
        said,
        error);
  }

  private static boolean has(Throwable error, Class<? extends Throwable> kind) {
    for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private static DriverException of(Kind kind, String message, String said, IOException cause) {
    return new DriverException(kind, message + " (" + said + ")", cause);
  }

  /** A server that sends nothing more and does not hang up either. */
  static final class Silence extends IOException {
    Silence(IOException cause) {
      super("no answer in time", cause);
    }
  }
}
