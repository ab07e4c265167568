package io.keepset.app.wal;

import io.keepset.diagnostic.Severity;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.DriverException;
import io.keepset.spi.wal.WalReceiver;
import io.keepset.wal.WalFile;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The receiver of one database: started, watched, and started again when it ends. Where the server
 * went on a timeline of its own it goes on from the segment in which that was; where the server has
 * no longer what we don't have, a new stretch begins and the gap shows.
 */
final class Reception implements AutoCloseable {
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final RunnerPorts ports;
  private final Spool spool;
  private final Outbox outbox;
  private final Progress progress;
  private @Nullable WalReceiver receiver;
  private Duration pause = SHORTEST_PAUSE;
  private Instant notBefore = Instant.EPOCH;

  /** The timeline on whose way the last start went on after that; 0 once that went well. */
  private int bridgedOn;

  /** Set from when a receiver ended as the server went another way until the next is started. */
  private boolean forked;

  Reception(RunnerPorts ports, Spool spool, Outbox outbox, Progress progress) {
    this.ports = ports;
    this.spool = spool;
    this.outbox = outbox;
    this.progress = progress;
  }

  boolean alive() {
    return receiver != null && receiver.alive();
  }

  /**
   * @param storeFails whether what is received has to wait
   */
  void turn(Turn turn, boolean storeFails) throws DriverException, IOException {
    WalReceiver running = receiver;
    if (running == null) {
      if (!turn.now().isBefore(notBefore) && !isFull(turn)) {
        start(turn);
      }
    } else if (!running.alive()) {
      receiver = null;
      ended(turn, running);
    } else if (isFull(turn)) {
      close();
    } else {
      pause = SHORTEST_PAUSE;
      bridgedOn = 0;
      if (!storeFails) {
        progress.well(turn.now());
      }
    }
  }

  private boolean isFull(Turn turn) throws IOException {
    Optional<String> full = outbox.full(turn);
    full.ifPresent(why -> progress.failed(turn.now(), why));
    return full.isPresent();
  }

  private void start(Turn turn) throws DriverException, IOException {
    Orphans.end(spool.of(turn.database()));
    if (forked) {
      forked = false;
      int timeline = turn.there().timeline();
      if (timeline > 1 && timeline != bridgedOn && outbox.knowsWay(turn)) {
        bridgedOn = timeline;
      } else {
        tell(turn, Severity.WARNING, "the server went another way: make a base backup of it now");
        progress.restarts();
      }
    }
    if (!progress.restarting()) {
      Optional<WalFile> last = outbox.last(turn);
      if (last.isPresent()) {
        Spool.goOnBehind(turn.directory(), last.get().name(), turn.there().segmentSize());
      }
    }
    WalReceiver started = turn.log().receive(turn.source(), turn.directory(), turn.slot());
    receiver = started;
    Orphans.remember(spool.of(turn.database()), started.pid());
    tell(turn, Severity.NOTE, "its log is being received");
  }

  private void ended(Turn turn, WalReceiver ended) throws DriverException, IOException {
    String why = ended.failure().orElse("the receiver ended");
    ended.close();
    progress.failed(turn.now(), why);
    notBefore = turn.now().plus(pause);
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    tell(turn, Severity.WARNING, "receiving its log ended: " + why);
    boolean lost =
        why.contains("has already been removed") || why.contains("can no longer get changes");
    boolean otherWay = why.contains("is not in this server's history");
    if (lost || otherWay) {
      // What was received goes to the store first; if that fails the next end retries.
      outbox.empty(turn);
      forked = otherWay;
    }
    if (lost) {
      turn.log().release(turn.source(), turn.slot());
      progress.restarts();
    }
  }

  /** Whether it has to be asked anew where the server is before a receiver is started. */
  boolean lostItsWay() {
    return forked;
  }

  private void tell(Turn turn, Severity severity, String what) {
    ports.journal().tell(severity, turn.database(), what);
  }

  /** Ends it in good order; what it has received stays in the spool. */
  @Override
  public void close() {
    if (receiver != null) {
      receiver.close();
      receiver = null;
    }
  }
}
