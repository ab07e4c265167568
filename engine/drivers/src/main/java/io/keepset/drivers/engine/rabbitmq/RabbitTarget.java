package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.http.Endpoint;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Source;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/**
 * Where a restore goes, after a look at what is there.
 *
 * @param madeVhost whether the vhost has to be made first
 */
record RabbitTarget(Broker broker, boolean madeVhost) {
  static RabbitTarget check(
      ArtifactFacts facts, Source source, RestoreRequest request, String stamp)
      throws DriverException {
    Optional<String> vhost = source.connection().get("vhost");
    boolean ofVhost = DefinitionsFile.VHOST.equals(facts.values().get("scope"));
    if (vhost.isPresent() != ofVhost) {
      throw Failures.rejected(
          ofVhost
              ? "the backup is of one vhost; name the vhost to restore into in connection.vhost"
              : "the backup is of a whole broker; take connection.vhost out to restore it");
    }
    if (vhost.equals(Optional.of(RestoreLock.NAME))
        || (ofVhost && request.newName().equals(Optional.of(RestoreLock.NAME)))) {
      throw Failures.rejected(
          "the vhost "
              + RestoreLock.NAME
              + " is how restores keep each other away; choose another name");
    }
    RabbitTarget target =
        request.mode() == RestoreRequest.Mode.NEW
            ? makeNew(source, vhost, request.newName(), stamp)
            : new RabbitTarget(Broker.toRestore(source), false);
    if (!ofVhost) {
      RestoreLock.requireFree(target.broker());
    }
    target.broker().requireVersion(facts.values().getOrDefault("server_version", ""));
    if (vhost.isPresent() && !target.madeVhost() && !target.broker().exists(vhost.get())) {
      throw Failures.rejected(
          "there is no vhost " + vhost.get() + " any more; restore into a new one of this name");
    }
    return target;
  }

  /** The same, with how to reach it. */
  RestoreReport locate(RestoreReport report) {
    Endpoint endpoint = broker.http().endpoint();
    return broker
        .vhost()
        .map(vhost -> report.at("vhost", vhost))
        .orElseGet(() -> report.at(endpoint.host(), endpoint.port()));
  }

  private static RabbitTarget makeNew(
      Source source, Optional<String> vhost, Optional<String> named, String stamp)
      throws DriverException {
    if (vhost.isEmpty()) {
      String address =
          named.orElseThrow(
              () ->
                  Failures.rejected(
                      "a broker holds what it holds: name an empty one as host:port to restore"
                          + " into, or restore over this one, or merge"));
      Broker broker = Broker.toRestore(source, address);
      requireEmpty(broker);
      return new RabbitTarget(broker, false);
    }
    String name = named.orElse(vhost.get() + "_restored_" + stamp);
    Broker broker = Broker.toRestore(source).vhost(name);
    if (broker.exists(name)) {
      throw Failures.rejected(
          "vhost " + name + " is there already; choose another name, restore over it, or merge");
    }
    return new RabbitTarget(broker, true);
  }

  /**
   * @throws DriverException REJECTED if it has anything that anybody uses
   */
  static void requireEmpty(Broker broker) throws DriverException {
    try (InputStream export = broker.export()) {
      Map<String, String> found =
          DefinitionsFile.verdict(export)
              .facts()
              .orElseThrow(
                  () -> Failures.rejected(broker.describe() + " exports no whole definitions"))
              .values();
      for (Section section : Section.values()) {
        long usual =
            switch (section) {
              // It may hold a vhost, and whoever logs in, but nothing that anybody uses.
              case VHOSTS -> 1;
              case USERS, PERMISSIONS, TOPIC_PERMISSIONS, GLOBAL_PARAMETERS -> Long.MAX_VALUE;
              case PARAMETERS, POLICIES, EXCHANGES, QUEUES, BINDINGS -> 0;
            };
        String there = found.getOrDefault(section.key(), "0");
        if (Long.parseLong(there) > usual) {
          throw Failures.rejected(
              broker.where()
                  + " is not empty: it has "
                  + there
                  + " "
                  + section.key()
                  + "; name an empty broker, restore over this one, or merge");
        }
      }
    } catch (IOException e) {
      throw broker.http().explain("exporting definitions", e);
    }
  }
}
