package io.keepset.runner;

import io.keepset.diagnostic.Severity;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.retention.CopyOf;
import io.keepset.runner.artifact.ArtifactReader;
import io.keepset.runner.artifact.ArtifactStream;
import io.keepset.runner.artifact.Manifest;
import io.keepset.spi.Attachment;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one copy. The original is opened with the keys of its store and sealed with those of the
 * other, because objects are sealed under their names and stores may have different keys; nothing
 * is kept on a local disk. The stations are those of {@link BackupRun}: an entry CREATING, the
 * objects, all of them read back and judged by the engine, the manifest, CREATED. The caller holds
 * the database's copy lease.
 */
final class CopyRun {
  private final RunnerPorts ports;
  private final OpenStore target;
  private final Leases.Lease lease;
  private @Nullable DriverException reading;

  CopyRun(RunnerPorts ports, OpenStore target, Leases.Lease lease) {
    this.ports = ports;
    this.target = target;
    this.lease = lease;
  }

  /** Whether the copy failed because its original could not be read. */
  boolean originalIsAtFault() {
    return reading != null;
  }

  /**
   * @return the copy, CREATED, or FAILED with its error
   * @throws DriverException if nobody can say yet whether it is there
   */
  Backup of(Backup original, String name, Progress progress) throws DriverException {
    Backup creating = BackupLife.copying(freshId(original), original, name, target.name());
    ports.catalogue().insert(creating);
    forgetEarlierTries(creating);
    Deposit deposit;
    Manifest manifest;
    try {
      deposit = new Deposit(ports, target, ports.engine(original.engine()), creating, progress);
    } catch (DriverException e) {
      return failed(creating, e.getMessage());
    }
    try {
      manifest = prepare(original, deposit);
    } catch (DriverException e) {
      return undone(creating, deposit, e);
    } catch (RuntimeException | Error e) {
      deposit.undo();
      failed(creating, "keepset has a bug: " + e);
      throw e;
    }
    try {
      deposit.commit(manifest);
    } catch (DriverException e) {
      deposit.undo(); // who can't be sure that it is gone leaves the entry to Recovery
      return failed(creating, e.getMessage());
    }
    Backup created =
        new Entries(ports).created(creating, manifest, manifest.verified().orElseThrow());
    if (created.state() == BackupState.FAILED || created.state() == BackupState.DELETED) {
      deposit.undo(); // it was taken for dead: who did that removes its objects too
    } else {
      tell(Severity.NOTE, created.id(), "copied from " + original.id() + " to " + target.name());
    }
    return created;
  }

  private Manifest prepare(Backup original, Deposit deposit) throws DriverException {
    OpenStore from;
    Manifest source;
    try {
      from = ports.storeOf(original);
      source = new BackupFolder(from, original.database(), original.id()).manifest();
    } catch (DriverException e) {
      throw unreadable(original, e);
    }
    ArtifactReader reader = new ArtifactReader(from.keys());
    Manifest manifest;
    try (ArtifactStream stream = open(original, source, from, reader)) {
      InputStream heard = new Heard(stream, original);
      Content content = Content.of(heard, source, () -> attached(original, source, from, reader));
      manifest = deposit.prepareCopy(content, source);
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "closing " + original.id());
    }
    if (!lease.held()) {
      throw new DriverException(
          Kind.TRANSIENT, "the maker of this copy lost its lease: another node took it for dead");
    }
    return manifest;
  }

  private ArtifactStream open(
      Backup original, Manifest source, OpenStore from, ArtifactReader reader)
      throws DriverException {
    try {
      return reader.open(source.artifact(), from.store(), Progress.NONE);
    } catch (DriverException e) {
      throw unreadable(original, e);
    }
  }

  private List<Attachment> attached(
      Backup original, Manifest source, OpenStore from, ArtifactReader reader)
      throws DriverException {
    try {
      return Restore.attachments(source, from, reader);
    } catch (DriverException e) {
      throw unreadable(original, e);
    }
  }

  /** Damage that shows here is noted of the original, so that nobody counts on it from now on. */
  private DriverException unreadable(Backup original, DriverException trouble) {
    if (reading == null) {
      reading = trouble;
      new BackupCheck(ports).ranInto(original.id(), trouble);
    }
    return trouble;
  }

  private Backup undone(Backup creating, Deposit deposit, DriverException why) {
    try {
      deposit.undo();
    } catch (DriverException e) {
      tell(
          Severity.WARNING,
          creating.id(),
          "what the failed copy wrote could not be removed, a rescan of the store will: "
              + e.getMessage());
    }
    return failed(creating, why.getMessage());
  }

  private Backup failed(Backup creating, String error) {
    Backup failed = BackupLife.failed(creating, ports.now(), error);
    ports.catalogue().update(failed, BackupState.CREATING);
    CopyOf of = creating.copyOf().orElseThrow();
    tell(
        Severity.ERROR,
        creating.id(),
        "copy " + of.name() + " of " + of.backup() + " failed: " + error);
    return failed;
  }

  /** One failed entry is enough to say that a copy is missing, and why. */
  private void forgetEarlierTries(Backup creating) {
    for (Backup earlier :
        Copies.of(
            ports.catalogue().backups(creating.database()),
            creating.copyOf().orElseThrow().backup())) {
      if (earlier.state() == BackupState.FAILED
          && !BackupLife.wasCreated(earlier)
          && Copies.group(earlier).equals(Copies.group(creating))) {
        try {
          new Deletion(ports).delete(earlier);
        } catch (DriverException e) {
          // Recovery brings a deletion that was decided to its end.
        }
      }
    }
  }

  private String freshId(Backup original) {
    String id;
    do {
      id = ports.ids().next(original.database(), original.time());
    } while (ports.catalogue().find(id).isPresent());
    return id;
  }

  private void tell(Severity severity, String subject, String message) {
    ports.journal().tell(severity, subject, message);
  }

  /** Tells trouble of the original's store from trouble of the other's. */
  private final class Heard extends FilterInputStream {
    private final Backup original;

    Heard(InputStream in, Backup original) {
      super(in);
      this.original = original;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (IOException e) {
        throw new BrokenStream(
            unreadable(original, BrokenStream.unwrap(e, "reading " + original.id())));
      }
    }
  }
}
