package io.keepset.runner;

import io.keepset.retention.Backup;
import io.keepset.runner.artifact.Manifest;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.Verdict;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Verifies a backup again and notes the outcome: a good one has a new date, a bad one counts no
 * more. Its bytes stay where they are, for whoever wants to save what can be saved; if they are
 * found good later (a wrong address, a disk that was away), it counts again.
 */
final class BackupCheck {
  /** It may move from one state to another meanwhile: a few tries meet it standing still. */
  private static final int TRIES = 10;

  private final RunnerPorts ports;

  BackupCheck(RunnerPorts ports) {
    this.ports = ports;
  }

  Verdict of(Backup backup, Progress progress) throws DriverException {
    Verdict verdict = read(backup, progress);
    noteRead(backup.id(), verdict);
    return verdict;
  }

  /** The same, and then by a restore into an instance that lives only for that. */
  Verdict prove(Backup backup, Optional<Path> place, Progress progress) throws DriverException {
    // What can't be done is said before gigabytes are read.
    Proof proof = Proof.prepare(ports, backup, place);
    Verdict verdict = read(backup, progress);
    if (!verdict.good()) {
      noteRead(backup.id(), verdict);
      return verdict;
    }
    Verdict proven = proof.run(verdict, progress);
    move(backup.id(), entry -> proven.good() ? proven(entry) : disproven(entry, proven));
    return proven;
  }

  private Verdict read(Backup backup, Progress progress) throws DriverException {
    OpenStore store = ports.storeOf(backup);
    try {
      Manifest manifest = new BackupFolder(store, backup.database(), backup.id()).manifest();
      return Verification.of(manifest, store, ports.engine(manifest.engine()), progress);
    } catch (DriverException e) {
      if (e.kind() != Kind.DAMAGED && e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      return Verdict.bad(e.getMessage());
    }
  }

  /**
   * Notes what a restore or a download ran into, so that nobody counts on the backup from now on.
   * Trouble that says nothing about its bytes, such as a wrong key or a store that is away, is not
   * noted. A restore that calls this has not touched its target and gives up.
   */
  void ranInto(String id, DriverException trouble) {
    if (trouble.kind() == Kind.DAMAGED) {
      Verdict bad = Verdict.bad(trouble.getMessage());
      move(
          id,
          entry ->
              switch (entry.state()) {
                case CREATED, EXPIRED, RESTORING -> bad(entry, bad);
                case CREATING, FAILED, DELETED -> entry;
              });
    }
  }

  private void noteRead(String id, Verdict verdict) {
    move(
        id,
        entry ->
            switch (entry.state()) {
              case CREATED, EXPIRED ->
                  verdict.good() ? BackupLife.verified(entry, ports.now()) : bad(entry, verdict);
              case RESTORING -> verdict.good() ? BackupLife.verified(entry, ports.now()) : entry;
              case FAILED ->
                  verdict.good() && BackupLife.wasCreated(entry) && !BackupLife.isDisproven(entry)
                      ? BackupLife.goodAgain(entry, ports.now())
                      : entry;
              case CREATING, DELETED -> entry;
            });
  }

  private Backup proven(Backup entry) {
    return switch (entry.state()) {
      case CREATED, EXPIRED, RESTORING -> BackupLife.proven(entry, ports.now());
      case FAILED ->
          BackupLife.wasCreated(entry)
              ? BackupLife.proven(BackupLife.goodAgain(entry, ports.now()), ports.now())
              : entry;
      case CREATING, DELETED -> entry;
    };
  }

  private Backup disproven(Backup entry, Verdict verdict) {
    return switch (entry.state()) {
      case CREATED, EXPIRED ->
          BackupLife.disproven(entry, ports.now(), String.join("; ", verdict.findings()));
      case CREATING, RESTORING, FAILED, DELETED -> entry;
    };
  }

  private void move(String id, UnaryOperator<Backup> change) {
    for (int i = 0; i < TRIES; i++) {
      Backup entry = ports.catalogue().find(id).orElseThrow();
      Backup noted = change.apply(entry);
      if (noted.equals(entry) || ports.catalogue().update(noted, entry.state())) {
        return;
      }
    }
  }

  private Backup bad(Backup entry, Verdict verdict) {
    String error = "found bad when it was read: " + String.join("; ", verdict.findings());
    return BackupLife.failed(entry, ports.now(), error);
  }
}
