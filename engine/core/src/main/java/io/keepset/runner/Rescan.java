package io.keepset.runner;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.runner.artifact.Manifest;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations.Report;
import io.keepset.spi.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the catalogue say what the store holds. A complete backup that it does not count is taken
 * in; one whose bytes are gone is marked; unfinished business is brought to its end. Bytes of a
 * backup are never removed. One that no key opens is neither taken in nor marked: its key may come
 * back. A second pass finds nothing to do.
 */
final class Rescan {
  /** Younger objects without a manifest may be a run of somebody else's. */
  private static final Duration STRAY_AGE = Duration.ofDays(1);

  private final RunnerPorts ports;
  private final OpenStore store;
  private final List<String> changes = new ArrayList<>();
  private final List<Diagnostic> findings = new ArrayList<>();
  private int backups;
  private long bytes;

  Rescan(RunnerPorts ports, OpenStore store) {
    this.ports = ports;
    this.store = store;
  }

  Report run(Progress progress) throws DriverException {
    store.store().check();
    // What would change the store waits until its listing is done.
    List<StoreSurvey.Item> later = new ArrayList<>();
    int folders =
        new StoreSurvey(ports.catalogue(), store)
            .walk(
                item -> {
                  switch (item.standing()) {
                    case SOUND -> backups++;
                    case UNKNOWN -> takeIn(item, progress);
                    case LOCKED -> findings.add(StoreSurvey.locked(item));
                    case LOST, DAMAGED, STRAY, UNFINISHED -> later.add(item);
                  }
                });
    refuseEmpty(folders, later);
    for (StoreSurvey.Item item : later) {
      switch (item.standing()) {
        case LOST, DAMAGED -> mark(item);
        case STRAY -> sweep(item);
        case UNFINISHED -> settle(item);
        case SOUND, UNKNOWN, LOCKED -> throw new IllegalStateException("done already: " + item);
      }
    }
    return new Report(store.name(), store.store().describe(), backups, bytes, changes, findings);
  }

  /** A store that is not mounted looks like one whose backups are all gone. */
  private void refuseEmpty(int folders, List<StoreSurvey.Item> items) throws DriverException {
    long lost = items.stream().filter(i -> i.standing() == StoreSurvey.Standing.LOST).count();
    if (folders == 0 && lost > 0) {
      throw new DriverException(
          Kind.REJECTED,
          "store "
              + store.name()
              + " ("
              + store.store().describe()
              + ") is empty, but the catalogue knows "
              + lost
              + " backups in it; nothing was changed: is it mounted, is it the right place?");
    }
  }

  private void takeIn(StoreSurvey.Item item, Progress progress) throws DriverException {
    Manifest manifest = item.manifest().orElseThrow();
    Optional<Backup> entry = item.entry();
    Instant verified;
    boolean doubtful = entry.filter(b -> b.state() == BackupState.FAILED).isPresent();
    if (manifest.verified().isPresent() && !doubtful) {
      verified = manifest.verified().get();
    } else {
      Verdict verdict = Verification.of(manifest, store, ports.engine(manifest.engine()), progress);
      bytes += manifest.storedSize();
      if (!verdict.good()) {
        findings.add(damaged(item, String.join("; ", verdict.findings())));
        return;
      }
      verified = ports.now();
    }
    Backup created =
        doubtful && BackupLife.wasCreated(entry.get())
            ? BackupLife.goodAgain(entry.get(), verified)
            : new Entries(ports).fresh(manifest, store.name(), verified);
    if (entry.isEmpty()) {
      ports.catalogue().insert(created);
      changed(item, "taken into the catalogue");
    } else if (ports.catalogue().update(created, entry.get().state())) {
      changed(item, "counts again: it was " + entry.get().state());
    }
    backups++;
  }

  private void mark(StoreSurvey.Item item) {
    findings.add(damaged(item, item.message()));
    if (item.entry().isEmpty()) {
      return;
    }
    Backup entry = item.entry().get();
    backups++;
    boolean counted =
        switch (entry.state()) {
          case CREATED, EXPIRED -> true;
          case CREATING, RESTORING, FAILED, DELETED -> false;
        };
    Backup failed = BackupLife.failed(entry, ports.now(), item.message());
    if (counted && ports.catalogue().update(failed, entry.state())) {
      changed(item, "counts no more: " + item.message());
    }
  }

  private void sweep(StoreSurvey.Item item) throws DriverException {
    boolean old = item.newest().filter(at -> at.isBefore(ports.now().minus(STRAY_AGE))).isPresent();
    Optional<Leases.Lease> run = ports.leases().tryAcquire(Leases.run(item.database()));
    Optional<Leases.Lease> copy = ports.leases().tryAcquire(Leases.copy(item.database()));
    try {
      if (old && run.isPresent() && copy.isPresent()) {
        new BackupFolder(store, item.database(), item.id()).remove();
        changed(item, "removed: " + item.message());
      } else {
        findings.add(
            Diagnostic.warning("store.stray", item.id() + ": " + item.message(), null)
                .withHint("it is removed once it is a day old"));
      }
    } finally {
      run.ifPresent(Leases.Lease::close);
      copy.ifPresent(Leases.Lease::close);
    }
  }

  private void settle(StoreSurvey.Item item) throws DriverException {
    Backup entry = item.entry().orElseThrow();
    if (entry.state() == BackupState.DELETED) {
      new Deletion(ports).finish(entry);
      changed(item, "its deletion was brought to its end");
      return;
    }
    Optional<Leases.Lease> lease = ports.leases().tryAcquire(Leases.making(entry));
    if (lease.isPresent()) {
      try (Leases.Lease held = lease.get()) {
        Backup now = ports.catalogue().find(item.id()).orElseThrow();
        if (now.state() == BackupState.CREATING) {
          Backup settled = new Settlement(ports).of(now);
          changed(item, "its run had ended early: it is " + settled.state() + " now");
        }
      }
    }
  }

  private void changed(StoreSurvey.Item item, String how) {
    changes.add(item.id() + " " + how);
  }

  private static Diagnostic damaged(StoreSurvey.Item item, String how) {
    String code = item.standing() == StoreSurvey.Standing.LOST ? "store.lost" : "store.damaged";
    return Diagnostic.error(code, item.id() + ": " + how, null);
  }
}
