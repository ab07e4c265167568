package io.keepset.drivers.engine.redis;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.time.Duration;
import java.util.Optional;

/**
 * A server replicates once from a {@link Primary} of ours and is then on its own again, whatever
 * happens: one that still waited for us would refuse every write.
 */
final class Following {
  /** A server that can't reach us does not come back later. */
  private static final Duration TO_CONNECT = Duration.ofSeconds(30);

  /** Neither a byte nor an answer for so long is a hang. */
  private static final Duration SILENCE = Duration.ofMinutes(15);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Connection target;
  private final Primary primary;
  private final String host;
  private final String port;
  private Optional<Server> left = Optional.empty();

  Following(Connection target, Primary primary) {
    this.target = target;
    this.primary = primary;
    this.host = target.localAddress().getHostAddress();
    this.port = String.valueOf(primary.port());
  }

  /**
   * What the server said of itself when it had everything and nobody could write to it yet.
   *
   * @throws DriverException if it did not come to that; says so if the server could not be freed
   */
  Server run() throws DriverException {
    try {
      target.ask("REPLICAOF", host, port);
      Server loaded = await();
      target.ask("REPLICAOF", "NO", "ONE");
      requireOurs(Server.ask(target));
      awaitAppendOnlyFile();
      return loaded;
    } catch (DriverException e) {
      throw new DriverException(e.kind(), e.getMessage() + release(), e);
    } catch (RuntimeException e) {
      release();
      throw e;
    }
  }

  /** What the server said of itself after {@link #run} failed; empty if it could not be asked. */
  Optional<Server> left() {
    return left;
  }

  private Server await() throws DriverException {
    long began = System.nanoTime();
    long moved = began;
    long seen = 0;
    while (true) {
      if (primary.failure().isPresent()) {
        throw primary.failure().get();
      }
      Server now = Server.ask(target);
      requireFollowing(now);
      if (primary.whole() && now.linked()) {
        return now;
      }
      if (primary.sent() > seen || now.loading()) {
        seen = primary.sent();
        moved = System.nanoTime();
      }
      if (!primary.asked() && System.nanoTime() - began > TO_CONNECT.toNanos()) {
        throw new DriverException(
            Kind.REJECTED,
            "the server does not fetch the backup from "
                + host
                + ":"
                + port
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

  private void requireFollowing(Server now) throws DriverException {
    if (!now.follows(host, port)) {
      throw new DriverException(
          Kind.TRANSIENT,
          "somebody else took the server over while it fetched the backup: now it "
              + (now.replica() ? "replicates from " + now.primary() : "is a primary"));
    }
  }

  /** Since 4.0 a server says whose data it went on from. */
  private void requireOurs(Server now) throws DriverException {
    if (!now.histories().isEmpty() && !now.histories().contains(primary.mark())) {
      throw new DriverException(
          Kind.TRANSIENT, "somebody else took the server over when it had loaded the backup");
    }
  }

  /** Until it is written anew, a restart would bring back what was there before. */
  private void awaitAppendOnlyFile() throws DriverException {
    boolean begun = false;
    Server now = Server.ask(target);
    while (now.rewriting() || now.rewriteScheduled()) {
      if (begun && !now.rewriting() && now.rewriteFailed()) {
        break; // It would try again and again.
      }
      begun |= now.rewriting();
      pause();
      now = Server.ask(target);
    }
    if (begun && now.rewriteFailed()) {
      throw new DriverException(
          Kind.TRANSIENT,
          "the server could not write its append-only file anew, so a restart would bring back"
              + " what was there before; its log says why, then run BGREWRITEAOF there");
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

  /** How that went, if it did not go well. What follows somebody else is not ours to free. */
  private String release() {
    try (Connection again = Connection.open(target.address())) {
      if (Server.ask(again).follows(host, port)) {
        again.ask("REPLICAOF", "NO", "ONE");
      }
      left = Optional.of(Server.ask(again));
      return "";
    } catch (DriverException e) {
      return "; the server may still be a replica of "
          + host
          + ":"
          + port
          + ", which refuses all writes: run REPLICAOF NO ONE there ("
          + e.getMessage()
          + ")";
    }
  }
}
