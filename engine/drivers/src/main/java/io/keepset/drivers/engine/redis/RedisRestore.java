package io.keepset.drivers.engine.redis;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Source;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A restore: the server replicates once from a {@link Primary} of ours and is then on its own
 * again. All that it had is replaced, and only once the whole file has arrived.
 */
final class RedisRestore {
  /** A server that can't reach us does not come back later. */
  private static final Duration TO_CONNECT = Duration.ofSeconds(30);

  /** Neither a byte nor an answer for so long is a hang. */
  private static final Duration SILENCE = Duration.ofMinutes(15);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Connection target;
  private final ArtifactFacts facts;
  private final int port;

  private RedisRestore(Connection target, ArtifactFacts facts, int port) {
    this.target = target;
    this.facts = facts;
    this.port = port;
  }

  /** Everything that can be known beforehand; nothing is touched. */
  static void check(ArtifactFacts facts, Source source, RestoreRequest request)
      throws DriverException {
    try (Connection target = Connection.open(address(source, request))) {
      check(target, facts, request);
    }
  }

  static RestoreReport run(
      InputStream artifact, ArtifactFacts facts, Source source, RestoreRequest request)
      throws DriverException {
    try (Connection target = Connection.open(address(source, request))) {
      Server before = check(target, facts, request);
      int port = Integer.parseInt(source.options().get("restore_port", "0"));
      RestoreReport report = new RedisRestore(target, facts, port).run(artifact, before);
      return request.mode() == RestoreRequest.Mode.NEW
          ? report.at(target.address().host(), target.address().port())
          : report;
    }
  }

  private static Address address(Source source, RestoreRequest request) throws DriverException {
    return switch (request.mode()) {
      case OVER -> Address.toRestore(source);
      case NEW ->
          Address.toRestore(
              source,
              request
                  .newName()
                  .orElseThrow(
                      () ->
                          new DriverException(
                              Kind.REJECTED,
                              "a Redis server holds what it holds: name an empty one as host:port"
                                  + " to restore into, or restore over this one")));
      case MERGE -> throw request.mode().notListed();
    };
  }

  private static Server check(Connection target, ArtifactFacts facts, RestoreRequest request)
      throws DriverException {
    String where = target.address().where();
    Server server = Server.ask(target);
    int wanted = Integer.parseInt(facts.values().getOrDefault("rdb_version", "0"));
    if (wanted > server.loads()) {
      throw rejected(
          "the backup is of "
              + facts.values().getOrDefault("server", "redis")
              + " "
              + facts.values().getOrDefault("server_version", "of unknown version")
              + " (RDB version "
              + wanted
              + "), "
              + where
              + " is "
              + server.name()
              + " and loads up to "
              + server.loads()
              + "; restore into the same or a newer version");
    }
    if (server.cluster()) {
      throw rejected(
          where
              + " is part of a cluster, whose servers can't be made replicas of anything else;"
              + " restore into a server of its own, then move the keys");
    }
    if (server.replica()) {
      throw rejected(where + " is a replica; restore into its primary");
    }
    if (request.mode() == RestoreRequest.Mode.NEW && server.keys() > 0) {
      throw rejected(
          where
              + " holds "
              + server.keys()
              + " keys already; name an empty server, or restore over");
    }
    return server;
  }

  private RestoreReport run(InputStream artifact, Server before) throws DriverException {
    Address address = target.address();
    try (Primary primary = Primary.start(target, port, artifact)) {
      boolean done = false;
      try {
        target.ask(
            "REPLICAOF", target.localAddress().getHostAddress(), String.valueOf(primary.port()));
        await(primary);
        done = true;
      } finally {
        alone(done);
      }
      return new RestoreReport("Redis " + address.where(), notes(before));
    } catch (DriverException e) {
      throw new DriverException(e.kind(), e.getMessage() + afterFailure(before), e);
    }
  }

  private void await(Primary primary) throws DriverException {
    long began = System.nanoTime();
    long moved = began;
    long seen = 0;
    while (true) {
      if (primary.failure().isPresent()) {
        throw primary.failure().get();
      }
      Server now = Server.ask(target);
      if (primary.whole() && "up".equals(now.fields().get("master_link_status"))) {
        return;
      }
      boolean loading = "1".equals(now.fields().get("loading"));
      if (primary.sent() > seen || loading) {
        seen = primary.sent();
        moved = System.nanoTime();
      }
      if (!primary.asked() && System.nanoTime() - began > TO_CONNECT.toNanos()) {
        throw rejected(
            "the server does not fetch the backup from "
                + target.localAddress().getHostAddress()
                + ":"
                + primary.port()
                + ": it must be able to reach this machine; option restore_port fixes the port for"
                + " a firewall, and its own log says why it can't");
      }
      if (System.nanoTime() - moved > SILENCE.toNanos()) {
        throw new DriverException(
            Kind.TRANSIENT, "the server did not move for " + SILENCE.toMinutes() + " minutes");
      }
      pause();
    }
  }

  private static void pause() throws DriverException {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, "the restore was cancelled", e);
    }
  }

  /** A server that still waits for us would serve nobody. */
  private void alone(boolean done) throws DriverException {
    try (Connection again = done ? target : Connection.open(target.address())) {
      again.ask("REPLICAOF", "NO", "ONE");
    } catch (DriverException e) {
      throw new DriverException(
          e.kind(),
          "the server still replicates from us: run REPLICAOF NO ONE there; " + e.getMessage(),
          e);
    }
  }

  private String afterFailure(Server before) {
    try (Connection again = Connection.open(target.address())) {
      long keys = Server.ask(again).keys();
      return keys == before.keys()
          ? "; its " + keys + " keys are as they were"
          : "; it held " + before.keys() + " keys before and holds " + keys + " now";
    } catch (DriverException e) {
      return "; what it holds now could not be asked";
    }
  }

  private List<String> notes(Server before) throws DriverException {
    List<String> notes = new ArrayList<>();
    try (Connection again = Connection.open(target.address())) {
      String wanted = facts.values().getOrDefault("keys", "0");
      long keys = Server.ask(again).keys();
      if (keys != Long.parseLong(wanted)) {
        notes.add(
            "the backup holds "
                + wanted
                + " keys, the server "
                + keys
                + ": the others had expired");
      }
    }
    if (before.keys() > 0) {
      notes.add("the " + before.keys() + " keys that were there are gone");
    }
    notes.add("users and settings are not changed; those of the backup stand beside it");
    return notes;
  }

  private static DriverException rejected(String message) {
    return new DriverException(Kind.REJECTED, message);
  }
}
