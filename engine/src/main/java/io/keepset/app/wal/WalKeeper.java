package io.keepset.app.wal;

import io.keepset.diagnostic.Severity;
import io.keepset.policy.Protection;
import io.keepset.runner.Leases;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Source;
import io.keepset.spi.wal.WalPosition;
import io.keepset.spi.wal.WriteAheadLog;
import io.keepset.wal.Bases;
import io.keepset.wal.WalArchive;
import io.keepset.wal.WalCatalogue;
import io.keepset.wal.WalFile;
import io.keepset.wal.WalStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the log of one database coming: on one node of all, as a lease says. A receiver writes into
 * the spool ({@link Reception}); what is finished goes to the store at once, and what the open
 * segment holds once a minute ({@link Outbox}). The server is told what the archive has, not what
 * came off the wire: whoever dies here dies with nothing that somebody took for safe.
 *
 * <p>One thread.
 */
final class WalKeeper implements AutoCloseable {
  private static final Duration PROBE = Duration.ofSeconds(15);

  private final RunnerPorts ports;
  private final WalCatalogue catalogue;
  private final Spool spool;
  private final String database;
  private final Progress progress;
  private final Outbox outbox;
  private final Reception reception;
  private Leases.@Nullable Lease lease;
  private @Nullable WalPosition position;
  private @Nullable String slot;
  private int unknownWay;
  private Instant notBefore = Instant.EPOCH;
  private Instant probed = Instant.EPOCH;
  private Optional<WalFile> newest = Optional.empty();

  WalKeeper(RunnerPorts ports, WalCatalogue catalogue, Spool spool, String database) {
    this.ports = ports;
    this.catalogue = catalogue;
    this.spool = spool;
    this.database = database;
    this.progress = new Progress(catalogue, database);
    this.outbox = new Outbox(catalogue, new WalArchive(ports, catalogue), spool, progress);
    this.reception = new Reception(ports, spool, outbox, progress);
  }

  /** Whether somebody has to receive for this protection. */
  static boolean wanted(RunnerPorts ports, Protection protection) {
    boolean off =
        protection
            .suspension()
            .filter(s -> s.disabled())
            .filter(
                s ->
                    s.holdsOn(
                        java.time.LocalDate.ofInstant(ports.clock().instant(), protection.zone())))
            .isPresent();
    return protection.pointInTime().isPresent() && !off && protection.store().isPresent();
  }

  /** The lease of whoever looks after the log of a database. */
  static Optional<Leases.Lease> lease(RunnerPorts ports, String database) {
    return ports.leases().tryAcquire("wal/" + database);
  }

  /** One turn; what goes wrong is written down, and the next turn tries again. */
  void turn() {
    try {
      Protection protection = ports.protection(database);
      if (!held()) {
        return;
      }
      WriteAheadLog log =
          ports
              .engine(protection.engine())
              .writeAheadLog()
              .orElseThrow(
                  () -> new DriverException(Kind.REJECTED, protection.engine() + " has no log"));
      work(protection, ports.source(protection), log);
    } catch (DriverException | IOException e) {
      progress.failed(ports.clock().instant(), String.valueOf(e.getMessage()));
    }
  }

  private boolean held() {
    if (lease != null && lease.held()) {
      return true;
    }
    close();
    lease = lease(ports, database).orElse(null);
    return lease != null;
  }

  private void work(Protection protection, Source from, WriteAheadLog wal)
      throws DriverException, IOException {
    Instant now = ports.clock().instant();
    boolean due = Duration.between(probed, now).compareTo(PROBE) >= 0;
    if (position == null || reception.lostItsWay()) {
      if (now.isBefore(notBefore)) {
        return;
      }
      notBefore = now.plus(PROBE);
    }
    String name = slotOn(from, wal);
    WalPosition there = position;
    due |= reception.lostItsWay();
    if (there == null || due) {
      there = wal.position(from, name);
      position = there;
      probed = now;
    }
    Turn turn =
        new Turn(
            protection, from, wal, name, there, spool.directory(database, there.systemId()), now);
    boolean pushes = protection.options().get("wal").equals(Optional.of("push"));
    progress.kept(pushes ? Optional.empty() : Optional.of(new WalStatus.Kept(name, protection)));
    if (due) {
      learnWay(turn);
    }
    if (pushes) {
      pushed(turn);
    } else {
      received(turn);
    }
    if (due) {
      new Bases(ports, catalogue).of(database);
    }
    if (due || progress.moved()) {
      newest = newest(there);
    }
    progress.note(there, pushes || reception.alive(), now, newest);
  }

  /** Ours from before slots had hashes in their names, if the server still has that. */
  private String slotOn(Source from, WriteAheadLog wal) throws DriverException {
    String known = slot;
    if (known == null) {
      known = Slots.name(database);
      Optional<String> former = Slots.former(database, ports.catalogue().protections().keySet());
      if (former.isPresent() && wal.position(from, former.get()).slot().isPresent()) {
        known = former.get();
      }
      slot = known;
    }
    return known;
  }

  private void received(Turn turn) throws DriverException, IOException {
    Exception failure = null;
    try {
      outbox.finished(turn);
    } catch (DriverException | IOException e) {
      failure = e;
    }
    // Above all while the store fails: the spool must not fill the disk.
    reception.turn(turn, failure != null);
    if (failure instanceof DriverException refused) {
      throw refused;
    }
    if (failure instanceof IOException broken) {
      throw broken;
    }
    outbox.open(turn);
  }

  /** A slot from when the log was received would make the server keep it for nobody. */
  private void pushed(Turn turn) throws DriverException, IOException {
    if (turn.there().slot().isPresent()) {
      reception.close();
      outbox.finished(turn);
      turn.log().release(turn.source(), turn.slot());
      position = null;
      ports
          .journal()
          .tell(
              Severity.NOTE,
              database,
              "the server pushes its log now: slot " + turn.slot() + " is dropped");
    }
  }

  /** Without it what came before can't be reached from the server's timeline. */
  private void learnWay(Turn turn) throws IOException {
    int timeline = turn.there().timeline();
    if (outbox.knowsWay(turn)) {
      return;
    }
    try {
      outbox.learnWay(turn);
      ports
          .journal()
          .tell(Severity.NOTE, database, "the server is on timeline " + timeline + " now");
    } catch (DriverException e) {
      if (unknownWay != timeline) {
        unknownWay = timeline;
        ports
            .journal()
            .tell(
                Severity.WARNING,
                database,
                "how its timeline " + timeline + " came about can't be told: " + e.getMessage());
      }
    }
  }

  /** How far the archive goes on the server's timeline; another one may have gone further. */
  private Optional<WalFile> newest(WalPosition there) {
    return catalogue.files(database).stream()
        .filter(f -> f.systemId().equals(there.systemId()) && f.scan().isPresent())
        .filter(f -> f.timeline() == there.timeline())
        .max(Comparator.comparing(f -> f.scan().orElseThrow().end()));
  }

  /** Ends receiving here; another node, or the next start, goes on. */
  @Override
  public void close() {
    reception.close();
    position = null;
    slot = null;
    if (lease != null) {
      lease.close();
      lease = null;
    }
  }
}
