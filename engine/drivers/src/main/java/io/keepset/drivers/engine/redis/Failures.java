package io.keepset.drivers.engine.redis;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** What a server refuses, or a network does, with cause and fix. */
final class Failures {
  /** The least that a dump needs, to be pasted into {@code redis-cli}. */
  static final String LEAST_RIGHTS =
      "ACL SETUSER backup on '>…' resetkeys resetchannels -@all +ping +sync +replconf +info"
          + " +acl|list +config|get";

  /** The least that a restore needs. */
  static final String RESTORE_RIGHTS =
      "ACL SETUSER restore on '>…' resetkeys resetchannels -@all +ping +info +replicaof"
          + " +client|setname +client|list +config|get";

  private Failures() {}

  static DriverException explain(String doing, ServerError error, Address address) {
    String said = error.text();
    String at = doing + " at Redis " + address.where() + ": ";
    return switch (error.code()) {
      case "WRONGPASS" ->
          of(
              Kind.DENIED,
              at
                  + "the user or its password is wrong; check connection.user and what"
                  + " connection.password refers to",
              said);
      case "NOAUTH" ->
          of(
              Kind.DENIED,
              at + "the server wants a password; set connection.password to a reference",
              said);
      case "NOPERM" ->
          of(
              Kind.DENIED,
              at + "the user lacks a right; as administrator: " + address.rights(),
              said);
      case "LOADING", "BUSY", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN" ->
          of(Kind.TRANSIENT, at + "the server is not ready", said);
      case "NOMASTERLINK" ->
          of(
              Kind.TRANSIENT,
              at
                  + "it is a replica that has lost its primary; if a restore that was killed left"
                  + " it so, run REPLICAOF NO ONE there",
              said);
      default ->
          said.contains("without any password configured") || said.contains("no password is set")
              ? of(
                  Kind.REJECTED,
                  at
                      + "the server has no password; leave connection.password out, or set one there",
                  said)
              : of(Kind.TRANSIENT, at + "the server refused", said);
    };
  }

  static DriverException explain(String doing, IOException error, Address address) {
    String at = doing + " at Redis " + address.where() + ": ";
    String said = error.getMessage() == null ? error.toString() : error.getMessage();
    if (error instanceof UnknownHostException) {
      return of(
          Kind.TRANSIENT,
          at + "the name can't be resolved; check connection.host and DNS",
          said,
          error);
    }
    if (error instanceof SSLException) {
      return of(
          Kind.DENIED,
          at
              + "no trusted TLS connection; check connection.tls.ca, that connection.host is the"
              + " name in the certificate, and that the port speaks TLS",
          said,
          error);
    }
    if (error instanceof ConnectException) {
      return of(
          Kind.TRANSIENT,
          at + "nothing listens there; check host, port and that the server runs",
          said,
          error);
    }
    if (error instanceof SocketTimeoutException) {
      return of(
          Kind.TRANSIENT,
          at
              + "the server said nothing for "
              + address.patience().toSeconds()
              + " s (connection.timeout)",
          said,
          error);
    }
    String broken =
        error instanceof EOFException
            ? "the server ended the connection in the middle; nothing of this run is kept, look"
                + " into the server's log"
            : "the connection broke";
    return of(Kind.TRANSIENT, at + broken, said, error);
  }

  private static DriverException of(Kind kind, String message, String said) {
    return new DriverException(kind, message + ". It said: " + said);
  }

  private static DriverException of(Kind kind, String message, String said, IOException cause) {
    return new DriverException(kind, message + " (" + said + ")", cause);
  }
}
