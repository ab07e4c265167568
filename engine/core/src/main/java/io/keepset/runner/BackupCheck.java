package io.keepset.runner;

import io.keepset.retention.Backup;
import io.keepset.runner.artifact.Manifest;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.Verdict;

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
    OpenStore store = ports.storeOf(backup);
    Verdict verdict;
    try {
      Manifest manifest = new BackupFolder(store, backup.database(), backup.id()).manifest();
      verdict = Verification.of(manifest, store, ports.engine(manifest.engine()), progress);
    } catch (DriverException e) {
      if (e.kind() != Kind.DAMAGED && e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      verdict = Verdict.bad(e.getMessage());
    }
    note(backup.id(), verdict);
    return verdict;
  }

  /**
   * Notes what a restore or a download ran into, so that nobody counts on the backup from now on.
   * Trouble that says nothing about its bytes, such as a wrong key or a store that is away, is not
   * noted. A restore that calls this has not touched its target and gives up.
   */
  void ranInto(String id, DriverException trouble) {
    if (trouble.kind() != Kind.DAMAGED) {
      return;
    }
    for (int i = 0; i < TRIES; i++) {
      Backup entry = ports.catalogue().find(id).orElseThrow();
      boolean counts =
          switch (entry.state()) {
            case CREATED, EXPIRED, RESTORING -> true;
            case CREATING, FAILED, DELETED -> false;
          };
      if (!counts
          || ports
              .catalogue()
              .update(bad(entry, Verdict.bad(trouble.getMessage())), entry.state())) {
        return;
      }
    }
  }

  private void note(String id, Verdict verdict) {
    for (int i = 0; i < TRIES; i++) {
      Backup entry = ports.catalogue().find(id).orElseThrow();
      Backup noted =
          switch (entry.state()) {
            case CREATED, EXPIRED ->
                verdict.good() ? BackupLife.verified(entry, ports.now()) : bad(entry, verdict);
            case RESTORING -> verdict.good() ? BackupLife.verified(entry, ports.now()) : entry;
            case FAILED ->
                verdict.good() && BackupLife.wasCreated(entry)
                    ? BackupLife.goodAgain(entry, ports.now())
                    : entry;
            case CREATING, DELETED -> entry;
          };
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
