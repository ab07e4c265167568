package io.keepset.runner;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations.Report;
import io.keepset.spi.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * Looks whether a store holds what the catalogue says. Touches no bytes; when it reads data, it
 * notes what it found out about each backup.
 */
final class StoreCheck {
  private final RunnerPorts ports;
  private final OpenStore store;
  private final List<Diagnostic> findings = new ArrayList<>();
  private int backups;
  private long bytes;
  private long plain;

  StoreCheck(RunnerPorts ports, OpenStore store) {
    this.ports = ports;
    this.store = store;
  }

  Report run(boolean readData, Progress progress) throws DriverException {
    writable();
    if (readData) {
      progress.expect(Math.max(1, inStore()));
    }
    new StoreSurvey(ports.catalogue(), store).walk(item -> look(item, readData, progress));
    return new Report(store.name(), store.store().describe(), backups, bytes, List.of(), findings);
  }

  private long inStore() {
    return ports.catalogue().inState(EnumSet.allOf(BackupState.class)).stream()
        .filter(b -> b.store().equals(Optional.of(store.name())))
        .mapToLong(b -> b.size().orElse(0))
        .sum();
  }

  /** Whoever may only read can check and restore all the same; new backups need more. */
  private void writable() {
    try {
      store.store().check();
    } catch (DriverException e) {
      findings.add(
          Diagnostic.warning(
                  "store.readonly", "no new backup can be stored: " + e.getMessage(), null)
              .withHint("what is there can be checked and restored; to store more, mend that"));
    }
  }

  private void look(StoreSurvey.Item item, boolean readData, Progress progress)
      throws DriverException {
    switch (item.standing()) {
      case SOUND -> {
        backups++;
        if (readData) {
          read(item, progress);
        }
      }
      case UNKNOWN -> unknown(item, readData, progress);
      case LOCKED -> {
        backups++;
        findings.add(StoreSurvey.locked(item));
      }
      case LOST -> {
        backups++;
        findings.add(
            error("store.lost", item.id(), item.message())
                .withHint(
                    "bring its files back, or let keepset store rescan "
                        + store.name()
                        + " mark it as failed"));
      }
      case DAMAGED -> {
        backups++;
        findings.add(
            error("store.damaged", item.id(), item.message())
                .withHint(
                    "it can't be restored: make a new backup of " + item.database() + " now"));
      }
      case STRAY ->
          findings.add(
              warning("store.stray", item)
                  .withHint("keepset store rescan " + store.name() + " removes it after a day"));
      case UNFINISHED -> unfinished(item);
    }
  }

  /** One that was found bad earlier and is whole again only has to be read to count again. */
  private void unknown(StoreSurvey.Item item, boolean readData, Progress progress)
      throws DriverException {
    boolean foundBad =
        item.entry()
            .filter(b -> b.state() == BackupState.FAILED && BackupLife.wasCreated(b))
            .isPresent();
    if (foundBad && readData) {
      backups++;
      read(item, progress);
    } else {
      findings.add(
          warning("store.unknown", item)
              .withHint("keepset store rescan " + store.name() + " takes it in"));
    }
  }

  private void read(StoreSurvey.Item item, Progress progress) throws DriverException {
    Backup entry = item.entry().orElseThrow();
    long before = plain;
    Verdict verdict =
        new BackupCheck(ports).of(entry, (done, total) -> progress.at(before + done, -1));
    bytes += item.manifest().orElseThrow().storedSize();
    plain += entry.size().orElse(0);
    if (!verdict.good()) {
      findings.add(
          error("store.damaged", item.id(), String.join("; ", verdict.findings()))
              .withHint("it no longer counts: make a new backup of " + item.database() + " now"));
    }
  }

  /** Only one that nobody works on is worth a word. */
  private void unfinished(StoreSurvey.Item item) {
    Optional<Backup> run = item.entry().filter(b -> b.state() == BackupState.CREATING);
    Optional<Leases.Lease> lease = run.flatMap(b -> ports.leases().tryAcquire(Leases.making(b)));
    lease.ifPresent(Leases.Lease::close);
    if (run.isEmpty() || lease.isPresent()) {
      findings.add(
          warning("store.unfinished", item)
              .withHint("keepset store rescan " + store.name() + " brings it to its end"));
    }
  }

  private static Diagnostic error(String code, String id, String message) {
    return Diagnostic.error(code, id + ": " + message, null);
  }

  private static Diagnostic warning(String code, StoreSurvey.Item item) {
    return Diagnostic.warning(code, item.id() + ": " + item.message(), null);
  }
}
