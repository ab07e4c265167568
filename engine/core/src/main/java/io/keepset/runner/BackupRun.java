package io.keepset.runner;

import io.keepset.diagnostic.Severity;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.runner.artifact.Manifest;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.Progress;
import java.io.InputStream;
import java.util.Comparator;
import java.util.OptionalLong;

/**
 * Makes one backup. The stations: an entry CREATING in the catalogue; artifact and attachments into
 * the store; all of it read back and verified; the manifest, which is the commit; the entry becomes
 * CREATED. Whatever fails before the commit makes the entry FAILED and takes its objects away. A
 * process that dies on the way leaves what {@link Recovery} settles.
 *
 * <p>At most one run at a time works on a database, on all nodes together.
 */
public final class BackupRun {
  private final RunnerPorts ports;
  private final Settlement settlement;

  public BackupRun(RunnerPorts ports) {
    this.ports = ports;
    this.settlement = new Settlement(ports);
  }

  /**
   * Dumps a database.
   *
   * @return the backup, CREATED, or FAILED with its error
   * @throws DriverException if the run could not even start: nothing is protected under that name,
   *     its store or engine is unknown, or another run works on it
   */
  public Backup dump(String database, BackupKind kind, Progress progress) throws DriverException {
    Protection protection = ports.protection(database);
    Engine engine = ports.engine(protection.engine());
    lastSize(database).ifPresent(progress::expect);
    return run(
        protection,
        kind,
        engine,
        progress,
        () -> {
          Dump dump = engine.dump(ports.source(protection));
          return Content.of(dump);
        });
  }

  private OptionalLong lastSize(String database) {
    return ports.catalogue().backups(database).stream()
        .filter(b -> b.verified() && b.kind() != BackupKind.UPLOADED && b.size().orElse(0) > 0)
        .max(Comparator.comparing(Backup::time))
        .map(Backup::size)
        .orElse(OptionalLong.empty());
  }

  /** Takes a file of the engine's own format; otherwise the same. */
  public Backup upload(String database, InputStream file, Progress progress)
      throws DriverException {
    Protection protection = ports.protection(database);
    Engine engine = ports.engine(protection.engine());
    return run(protection, BackupKind.UPLOADED, engine, progress, () -> Content.of(file));
  }

  private Backup run(
      Protection protection, BackupKind kind, Engine engine, Progress progress, Opening opening)
      throws DriverException {
    String database = protection.name();
    OpenStore store = ports.stores().open(storeName(protection));
    try (Leases.Lease lease =
        ports
            .leases()
            .tryAcquire(Leases.run(database))
            .orElseThrow(
                () ->
                    new DriverException(
                        Kind.TRANSIENT,
                        "another run works on " + database + " right now; try again later"))) {
      settlement.ofRuns(database);
      var now = ports.now();
      Backup creating =
          BackupLife.creating(
              ports.ids().next(database, now),
              database,
              protection.engine(),
              kind,
              store.name(),
              now);
      ports.catalogue().insert(creating);
      return carryOut(
          creating,
          lease,
          new Deposit(ports, store, engine, creating, progress),
          protection,
          opening);
    }
  }

  private Backup carryOut(
      Backup creating, Leases.Lease lease, Deposit deposit, Protection protection, Opening opening)
      throws DriverException {
    Manifest manifest;
    try (Content content = opening.open()) {
      manifest = deposit.prepare(content, protection.labels());
      if (!lease.held()) {
        throw new DriverException(
            Kind.TRANSIENT, "this run lost its lease: another node took it for dead");
      }
    } catch (DriverException e) {
      return failed(creating, deposit, e.getMessage());
    } catch (RuntimeException | Error e) {
      failed(creating, deposit, "keepset has a bug: " + e);
      throw e;
    }
    try {
      deposit.commit(manifest);
    } catch (DriverException e) {
      return uncommitted(creating, deposit, e);
    }
    Backup created =
        new Entries(ports).created(creating, manifest, manifest.verified().orElseThrow());
    switch (created.state()) {
      case CREATED, RESTORING, EXPIRED -> {}
      case CREATING, FAILED, DELETED -> {
        takenForDead(created, deposit);
        return created;
      }
    }
    manifest.warnings().forEach(w -> tell(Severity.WARNING, created, w));
    return created;
  }

  /** Who took it for dead removes its objects too, perhaps right now: none of them can stay. */
  private void takenForDead(Backup entry, Deposit deposit) throws DriverException {
    deposit.undo();
    tell(
        Severity.WARNING,
        entry,
        "its run was taken for dead while it wrote the manifest: what it wrote is removed");
  }

  private Backup failed(Backup creating, Deposit deposit, String error) {
    try {
      deposit.undo();
    } catch (DriverException e) {
      tell(
          Severity.WARNING,
          creating,
          "what the failed run wrote could not be removed, a rescan of the store will: "
              + e.getMessage());
    }
    Backup failed = BackupLife.failed(creating, ports.now(), error);
    ports.catalogue().update(failed, BackupState.CREATING);
    return failed;
  }

  /**
   * The store said that writing the manifest failed, which does not mean that it is not there. Only
   * when it surely is gone has the run failed; otherwise the entry stays for {@link Recovery}.
   */
  private Backup uncommitted(Backup creating, Deposit deposit, DriverException why)
      throws DriverException {
    try {
      deposit.undo();
    } catch (DriverException e) {
      why.addSuppressed(e);
      throw why;
    }
    return failed(creating, deposit, why.getMessage());
  }

  private void tell(Severity severity, Backup backup, String message) {
    ports.journal().tell(severity, backup.id(), message);
  }

  private static String storeName(Protection protection) throws DriverException {
    return protection
        .store()
        .orElseThrow(
            () ->
                new DriverException(
                    Kind.REJECTED, protection.name() + " has no store; declare one and apply"));
  }

  /** Starts what is read into the backup. */
  @FunctionalInterface
  private interface Opening {
    Content open() throws DriverException;
  }
}
