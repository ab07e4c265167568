package io.keepset.runner;

import io.keepset.diagnostic.Severity;
import io.keepset.policy.Compliance;
import io.keepset.policy.ComplianceFields;
import io.keepset.policy.Retention;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.runner.artifact.ArtifactReader;
import io.keepset.runner.artifact.ArtifactStream;
import io.keepset.runner.artifact.Manifest;
import io.keepset.runner.artifact.SealedObject;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.BackupAddress;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.SignedAddress;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The backup verbs of the runner. Safe for several threads. */
final class RunnerOperations implements BackupOperations {
  private final RunnerPorts ports;
  private final BackupRun runs;
  private final Expiry expiry;
  private final Copying copying;

  RunnerOperations(RunnerPorts ports) {
    this.ports = ports;
    this.runs = new BackupRun(ports);
    this.expiry = new Expiry(ports);
    this.copying = new Copying(ports, Places.UNLIMITED);
  }

  /**
   * The copies of a scheduled backup are made by whoever keeps the schedule, within its limits;
   * whoever asks for a backup himself waits for its copies too.
   */
  @Override
  public Backup create(String database, BackupKind kind, Progress progress) throws DriverException {
    Backup made = andExpire(runs.dump(database, kind, progress));
    return kind == BackupKind.SCHEDULED ? made : andCopy(made);
  }

  @Override
  public Backup upload(String database, InputStream from, Progress progress)
      throws DriverException {
    return andCopy(andExpire(runs.upload(database, from, progress)));
  }

  /** The new backup is safe by now: whatever goes wrong here does not make it fail. */
  private Backup andExpire(Backup made) {
    if (made.state() == BackupState.CREATED) {
      try {
        expiry.of(made.database());
      } catch (RuntimeException e) {
        ports
            .journal()
            .tell(Severity.ERROR, made.database(), "retention could not be applied: " + e);
      }
    }
    return made;
  }

  /** The same holds here; what is missing then is tried again later. */
  private Backup andCopy(Backup made) {
    if (made.state() == BackupState.CREATED) {
      try {
        copying.of(made.database());
      } catch (RuntimeException e) {
        ports.journal().tell(Severity.ERROR, made.database(), "copies could not be made: " + e);
      }
    }
    return made;
  }

  @Override
  public void download(String backupId, OutputStream to, Progress progress) throws DriverException {
    Backup backup = readable(backupId);
    try {
      download(backup, to, progress);
    } catch (DriverException e) {
      new BackupCheck(ports).ranInto(backupId, e);
      throw e;
    }
  }

  private void download(Backup backup, OutputStream to, Progress progress) throws DriverException {
    OpenStore store = ports.storeOf(backup);
    Manifest manifest = new BackupFolder(store, backup.database(), backup.id()).manifest();
    ArtifactReader reader = new ArtifactReader(store.keys());
    byte[] buffer = new byte[1 << 16];
    try (ArtifactStream from = reader.open(manifest.artifact(), store.store(), progress)) {
      int n;
      while ((n = read(from, buffer, backup.id())) >= 0) {
        to.write(buffer, 0, n);
      }
      to.flush();
    } catch (IOException e) {
      throw new DriverException(
          Kind.REJECTED, "can't write the download of " + backup.id() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String fileName(String backupId) throws DriverException {
    Backup backup = readable(backupId);
    try {
      ArtifactFacts facts = BackupFacts.of(ports, backup);
      return backupId + ports.engine(backup.engine()).facts().extension(facts);
    } catch (DriverException e) {
      return backupId; // whoever reads the backup hears of it
    }
  }

  @Override
  public BackupAddress address(String backupId, Duration validFor) throws DriverException {
    Backup backup = readable(backupId);
    OpenStore store = ports.storeOf(backup);
    SealedObject artifact =
        new BackupFolder(store, backup.database(), backup.id()).manifest().artifact();
    SignedAddress address =
        store
            .store()
            .signedAddress(artifact.key(), validFor)
            .orElseThrow(
                () ->
                    new DriverException(
                        Kind.REJECTED,
                        backup.id()
                            + " lies in store "
                            + store.name()
                            + ", a "
                            + store.store().describe()
                            + ": only stores of type s3 have addresses to hand out; fetch it with"
                            + " keepset backup download "
                            + backup.id()));
    return new BackupAddress(
        address.uri(),
        artifact.key(),
        artifact.keyId().isPresent(),
        address.sooner().orElseGet(() -> ports.now().plus(validFor)),
        caveat(address, store.name()));
  }

  private static Optional<String> caveat(SignedAddress address, String store) {
    if (address.sooner().isPresent()) {
      return Optional.of(
          "it ends sooner than was asked, with the session of this machine that signed it; give"
              + " store "
              + store
              + " an access_key of its own for a longer time");
    }
    return address.unsure()
        ? Optional.of(
            "it was signed with the credentials of a session, and ends when that ends, which may be"
                + " sooner")
        : Optional.empty();
  }

  private static int read(InputStream from, byte[] buffer, String backupId) throws DriverException {
    try {
      return from.read(buffer);
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "reading " + backupId);
    }
  }

  @Override
  public RestoreReport restore(String backupId, RestoreRequest request, Progress progress)
      throws DriverException {
    return new Restore(ports).run(backupId, request, progress);
  }

  @Override
  public Verdict verify(String backupId, Progress progress) throws DriverException {
    return new BackupCheck(ports).of(checkable(backupId), progress);
  }

  @Override
  public Verdict prove(String backupId, Optional<Path> place, Progress progress)
      throws DriverException {
    return new BackupCheck(ports).prove(checkable(backupId), place, progress);
  }

  /** Also one that was found bad: it may be found good again. */
  private Backup checkable(String backupId) throws DriverException {
    Backup backup = ports.backup(backupId);
    boolean foundBad = backup.state() == BackupState.FAILED && BackupLife.wasCreated(backup);
    return foundBad ? backup : readable(backupId);
  }

  @Override
  public void delete(String backupId) throws DriverException {
    String database = ports.backup(backupId).database();
    // One after the other: two that look at once would each count the other's backup as staying.
    try (Leases.Lease lease =
        ports
            .leases()
            .tryAcquire(Leases.deletion(database))
            .orElseThrow(
                () ->
                    new DriverException(
                        Kind.TRANSIENT,
                        "another backup of " + database + " is being deleted; try again"))) {
      Backup backup = ports.backup(backupId);
      refuse(backup);
      if (!lease.held() || !new Deletion(ports).delete(backup)) {
        throw new DriverException(
            Kind.TRANSIENT, backupId + " was moved by somebody else just now; look again");
      }
    }
    ports.journal().tell(Severity.NOTE, backupId, "deleted by hand");
  }

  private void refuse(Backup backup) throws DriverException {
    String why =
        switch (backup.state()) {
          case CREATING -> underWay(backup) ? "its run is under way" : "";
          case RESTORING -> "it is being restored";
          case DELETED -> "it was deleted already";
          case CREATED -> belowMinimum(backup);
          case EXPIRED, FAILED -> "";
        };
    List<String> holds = ports.holds().on(backup);
    // What is left of a backup that was found bad may be all that somebody has.
    boolean neverWas = backup.state() == BackupState.FAILED && !BackupLife.wasCreated(backup);
    if (!holds.isEmpty() && !neverWas) {
      why = "it is kept by " + String.join(", ", holds);
    }
    if (why.isEmpty() && backup.state() != BackupState.FAILED) {
      why = forbidden(backup);
    }
    if (!why.isEmpty()) {
      throw new DriverException(Kind.REJECTED, backup.id() + " can't be deleted: " + why);
    }
  }

  private String forbidden(Backup backup) throws DriverException {
    return ports
        .catalogue()
        .protection(backup.database())
        .flatMap(
            protection ->
                Optional.ofNullable(
                    ComplianceFields.forbidden(protection).get(Compliance.Forbidden.DELETE_BACKUP)))
        .map(rule -> "compliance " + ComplianceFields.rule(rule) + " forbids it")
        .orElse("");
  }

  private boolean underWay(Backup backup) {
    Optional<Leases.Lease> lease = ports.leases().tryAcquire(Leases.making(backup));
    lease.ifPresent(Leases.Lease::close);
    return lease.isEmpty();
  }

  /** Who no longer wants a database protected may delete what is left of it, to the last one. */
  private String belowMinimum(Backup backup) {
    Optional<Retention> rules =
        ports.catalogue().protection(backup.database()).flatMap(p -> Copies.rules(p, backup));
    int minimum = rules.map(Retention::minimum).orElse(0);
    long others =
        Copies.alike(ports.catalogue().backups(backup.database()), backup).stream()
            .filter(b -> b.state() == BackupState.CREATED || b.state() == BackupState.RESTORING)
            .filter(b -> b.verified() && !b.suspicious() && !b.id().equals(backup.id()))
            .count();
    boolean counts = backup.verified() && !backup.suspicious();
    return counts && others < minimum
        ? backup.database()
            + " would be left with "
            + others
            + (backup.kind() == BackupKind.COPY ? " verified copies" : " verified backups")
            + ", its policy wants at least "
            + minimum
            + " (retention.minimum): make a new backup first, or lower the minimum"
        : "";
  }

  private Backup readable(String backupId) throws DriverException {
    Backup backup = ports.backup(backupId);
    String why =
        switch (backup.state()) {
          case CREATED, RESTORING, EXPIRED -> "";
          case CREATING -> "is not complete yet";
          case FAILED -> "failed: " + backup.error().orElse("for an unknown reason");
          case DELETED -> "was deleted";
        };
    if (!why.isEmpty()) {
      throw new DriverException(Kind.REJECTED, backupId + " " + why);
    }
    return backup;
  }
}
