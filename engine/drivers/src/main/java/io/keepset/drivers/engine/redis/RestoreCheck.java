package io.keepset.drivers.engine.redis;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreRequest;
import java.util.List;

/** Everything about a restore that can be known before a server is touched. */
record RestoreCheck(Connection target, ArtifactFacts facts, RestoreRequest request) {

  /** What the server was. */
  Server run() throws DriverException {
    Server server = Server.ask(target);
    server.release().requireLoads(facts, where());
    if (server.cluster()) {
      throw rejected(
          where()
              + " is part of a cluster, whose servers can't be made replicas of anything else;"
              + " restore into a server of its own, then move the keys");
    }
    requirePrimary(server);
    requireNoSentinel();
    requirePlainReplication();
    requireRoom(server);
    if (request.mode() == RestoreRequest.Mode.NEW && server.keys() > 0) {
      throw rejected(
          where()
              + " holds "
              + server.keys()
              + " keys already; name an empty server, or restore over");
    }
    return server;
  }

  private String where() {
    return target.address().where();
  }

  private void requirePrimary(Server server) throws DriverException {
    if (server.orphan()) {
      throw rejected(
          where()
              + " is a replica of "
              + server.primary()
              + ", which does not answer. A restore that was killed leaves a server so: if that"
              + " is no primary of yours, run REPLICAOF NO ONE there and restore again; else"
              + " restore into the primary");
    }
    if (server.replica()) {
      throw rejected(where() + " is a replica; restore into its primary");
    }
  }

  /** To them a primary that becomes a replica is one that failed. */
  private void requireNoSentinel() throws DriverException {
    List<Client> sentinels = Client.of(target).stream().filter(Client::sentinel).toList();
    if (!sentinels.isEmpty()) {
      throw rejected(
          where()
              + " is watched by a Sentinel ("
              + sentinels.get(0).address()
              + "), which would put an end to a restore or make another server the primary; run"
              + " SENTINEL REMOVE on each Sentinel, restore, then SENTINEL MONITOR again");
    }
  }

  private void requirePlainReplication() throws DriverException {
    try {
      if (target.tryAsk("CONFIG", "GET", "tls-replication").endsWith("\nyes")) {
        throw tlsReplication(where());
      }
    } catch (ServerError e) {
      // Whoever may not ask is told when the server comes to fetch the backup.
    }
  }

  static DriverException tlsReplication(String where) {
    return rejected(
        where
            + " wants TLS of whom it replicates from (tls-replication yes), which a restore does"
            + " not speak; run CONFIG SET tls-replication no there for the time of the restore, or"
            + " restore into another server");
  }

  private void requireRoom(Server server) throws DriverException {
    long used = Long.parseLong(facts.values().getOrDefault("used_memory", "0"));
    if (server.evicts() && used > server.memoryLimit()) {
      throw rejected(
          "the backup took "
              + used
              + " bytes of memory where it comes from, "
              + where()
              + " has maxmemory "
              + server.memoryLimit()
              + " and throws keys away above it; raise it there for the restore: CONFIG SET"
              + " maxmemory "
              + 2 * used);
    }
  }

  private static DriverException rejected(String message) {
    return new DriverException(Kind.REJECTED, message);
  }
}
