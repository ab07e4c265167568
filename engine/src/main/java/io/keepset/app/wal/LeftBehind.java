package io.keepset.app.wal;

import io.keepset.diagnostic.Severity;
import io.keepset.policy.Protection;
import io.keepset.runner.Leases;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.DriverException;
import io.keepset.spi.wal.WriteAheadLog;
import io.keepset.wal.WalCatalogue;
import io.keepset.wal.WalStatus;
import java.util.Optional;

/**
 * Slots of databases whose log nobody receives any more: a slot that nobody reads makes the server
 * keep all of its log until its disk is full. It is dropped when {@code point_in_time} or the
 * database leaves the policy, also if no server of ours ran then; until that succeeds somebody is
 * told.
 */
final class LeftBehind {
  private final RunnerPorts ports;
  private final WalCatalogue catalogue;

  LeftBehind(RunnerPorts ports, WalCatalogue catalogue) {
    this.ports = ports;
    this.catalogue = catalogue;
  }

  /** Looks at a database that nobody receives for here. */
  void look(String database) {
    Optional<WalStatus> status = catalogue.status(database);
    Optional<Leases.Lease> lease =
        status.isPresent() ? WalKeeper.lease(ports, database) : Optional.empty();
    if (lease.isPresent()) {
      try (Leases.Lease held = lease.get()) {
        giveUp(status.get());
      }
    }
  }

  private void giveUp(WalStatus status) {
    String database = status.database();
    Optional<WalStatus.Kept> kept = status.kept();
    if (kept.isPresent()) {
      // What is in force now knows the server's newest address; if it is in no policy any more,
      // what was in force last does.
      Protection protection =
          ports.catalogue().protection(database).orElse(kept.get().protection());
      try {
        Optional<WriteAheadLog> log = ports.engine(protection.engine()).writeAheadLog();
        if (log.isPresent()) {
          log.get().release(ports.source(protection), kept.get().slot());
        }
      } catch (DriverException e) {
        catalogue.put(status.leftBehind(ports.clock().instant(), String.valueOf(e.getMessage())));
        return;
      }
    }
    catalogue.removeStatus(database);
    ports
        .journal()
        .tell(
            Severity.NOTE,
            database,
            "its log is no longer received"
                + kept.map(k -> "; slot " + k.slot() + " is dropped on the server").orElse(""));
  }
}
