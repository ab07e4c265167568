package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.http.Endpoint;
import io.keepset.drivers.http.Refused;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;

/** What the management API refuses, with cause and fix. */
final class Failures {
  /** The least that reads definitions: the API gives them to administrators only. */
  static final String LEAST_RIGHTS =
      "rabbitmqctl add_user backup '…' && rabbitmqctl set_user_tags backup administrator";

  private Failures() {}

  static DriverException explain(String doing, Refused refused, Endpoint endpoint) {
    String said = refused.text();
    String at = doing + " at RabbitMQ " + endpoint.where() + ": ";
    if (said.contains("Access refused")) {
      return of(
          Kind.DENIED,
          at
              + "deleting in a vhost takes permissions on it, which the tag alone does not give; on"
              + " the broker: rabbitmqctl set_permissions -p VHOST "
              + endpoint.user().orElse("guest")
              + " '.*' '.*' '.*'",
          said);
    }
    if (refused.status() == 401 || refused.status() == 403) {
      return of(
          Kind.DENIED,
          at
              + (said.contains("Login failed") || !said.contains("not_authori")
                  ? "the user or its password is wrong; check connection.user and what"
                      + " connection.password refers to (guest may only come from the same machine)"
                  : "the user lacks the tag administrator; on the broker: " + LEAST_RIGHTS),
          said);
    }
    if (refused.status() == 404) {
      return of(
          Kind.NOT_FOUND,
          at + "it is not there; check connection.vhost, and that this is the management API",
          said);
    }
    if (said.contains("body size limit")) {
      return of(
          Kind.REJECTED,
          at
              + "one definition is larger than the server takes; raise management.http.max_body_size"
              + " in rabbitmq.conf",
          said);
    }
    if (said.contains("not found") && said.contains("component")) {
      return of(
          Kind.REJECTED,
          at
              + "a plugin whose parameters are in the backup is not enabled there; enable it"
              + " (rabbitmq-plugins enable rabbitmq_federation, rabbitmq_shovel, …)",
          said);
    }
    if (refused.status() == 400) {
      return of(Kind.REJECTED, at + "the server takes this definition not", said);
    }
    return of(
        refused.status() >= 500 ? Kind.TRANSIENT : Kind.REJECTED,
        at + "the server refused (HTTP " + refused.status() + ")",
        said);
  }

  static DriverException rejected(String message) {
    return new DriverException(Kind.REJECTED, message);
  }

  private static DriverException of(Kind kind, String message, String said) {
    return new DriverException(kind, message + ". It said: " + said);
  }
}
