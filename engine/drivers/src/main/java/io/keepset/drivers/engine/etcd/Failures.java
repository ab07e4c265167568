package io.keepset.drivers.engine.etcd;

import io.keepset.drivers.http.Endpoint;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.List;

/** What etcd says when it refuses, with cause and fix. Unknown text is shown as is. */
final class Failures {
  private record Known(String text, Kind kind, String fix) {}

  private static final List<Known> KNOWN =
      List.of(
          new Known(
              "invalid user ID or password",
              Kind.DENIED,
              "user or password is wrong; check connection.user and what connection.password refers"
                  + " to"),
          new Known(
              "user name is empty",
              Kind.DENIED,
              "the cluster wants a login; set connection.user and connection.password"),
          new Known(
              "invalid auth token",
              Kind.TRANSIENT,
              "the login ran out or the users were changed meanwhile; run again"),
          new Known(
              "permission denied",
              Kind.DENIED,
              "the user may not do that: snapshots and restores of everything need the role root"
                  + " (etcdctl user grant-role USER root)"),
          new Known(
              "request is too large",
              Kind.REJECTED,
              "a value is larger than the server takes; raise --max-request-bytes there"),
          new Known(
              "too many operations",
              Kind.REJECTED,
              "the server takes fewer operations at once than etcd does by default; raise"
                  + " --max-txn-ops there to 128"),
          new Known(
              "database space exceeded",
              Kind.REJECTED,
              "the server's quota is full (alarm NOSPACE); compact and defragment it, raise"
                  + " --quota-backend-bytes, then etcdctl alarm disarm"),
          new Known(
              "no leader",
              Kind.TRANSIENT,
              "the cluster has no leader; see that most of its members run"),
          new Known(
              "bad certificate",
              Kind.DENIED,
              "the server's HTTP gateway can't reach its own server: with --client-cert-auth the"
                  + " server's certificate must be good for clients too (extended key usage"
                  + " clientAuth)"),
          new Known(
              "tls:",
              Kind.DENIED,
              "no trusted TLS connection; check connection.tls and, with --client-cert-auth, the"
                  + " client certificate"),
          new Known(
              "Not Found",
              Kind.REJECTED,
              "there is no HTTP gateway of etcd 3.4 or newer (path /v3); check the port, and that"
                  + " the server does not run with --enable-grpc-gateway=false"));

  private Failures() {}

  static DriverException explain(String doing, String said, Endpoint endpoint) {
    String at = doing + " at " + endpoint.product() + " " + endpoint.where() + ": ";
    for (Known known : KNOWN) {
      if (said.contains(known.text())) {
        return new DriverException(known.kind(), at + known.fix() + ". It said: " + said);
      }
    }
    return new DriverException(Kind.TRANSIENT, at + "the server refused. It said: " + said);
  }
}
