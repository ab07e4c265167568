package io.keepset.runner;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.retention.CopyOf;
import io.keepset.runner.artifact.ArtifactReader;
import io.keepset.runner.artifact.ArtifactStream;
import io.keepset.runner.artifact.Manifest;
import io.keepset.runner.artifact.SealedObject;
import io.keepset.spi.Attachment;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Engine;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Restores one backup. Everything that can say no is asked first: state, engine, versions, and the
 * whole artifact is verified. Only then is a target touched. While it lasts the backup is RESTORING
 * and can't be deleted; afterwards it is what it was before, unless it was found damaged.
 */
final class Restore {
  private final RunnerPorts ports;
  private @Nullable DriverException unreadable;

  Restore(RunnerPorts ports) {
    this.ports = ports;
  }

  /** From the backup itself; if it can't be read and that will do as well, from a copy. */
  RestoreReport run(String backupId, RestoreRequest request, Progress progress)
      throws DriverException {
    Backup backup = ports.backup(backupId);
    try {
      return one(backup, request, progress);
    } catch (DriverException e) {
      if (!request.orCopy() || e != unreadable) {
        throw e;
      }
      return fromCopy(backup, e, request, progress);
    }
  }

  private RestoreReport fromCopy(
      Backup backup, DriverException why, RestoreRequest request, Progress progress)
      throws DriverException {
    String original = backup.copyOf().map(CopyOf::backup).orElse(backup.id());
    for (Backup copy : Copies.of(ports.catalogue().backups(backup.database()), original)) {
      boolean whole = copy.state() == BackupState.CREATED || copy.state() == BackupState.EXPIRED;
      if (whole && !copy.id().equals(backup.id())) {
        try {
          RestoreReport report = one(copy, request, progress);
          List<String> notes = new ArrayList<>();
          notes.add(
              "from its copy "
                  + copy.id()
                  + " in store "
                  + copy.store().orElse("-")
                  + ", because "
                  + backup.id()
                  + " can't be read: "
                  + why.getMessage());
          notes.addAll(report.notes());
          return report.withNotes(notes);
        } catch (DriverException e) {
          if (e != unreadable) {
            throw e;
          }
          why.addSuppressed(e);
        }
      }
    }
    throw why;
  }

  /** Before anything is touched: whoever has another copy may go on with that. */
  private DriverException unreadable(DriverException trouble) {
    unreadable = trouble;
    return trouble;
  }

  private RestoreReport one(Backup backup, RestoreRequest request, Progress progress)
      throws DriverException {
    refuse(backup);
    Protection protection = ports.protection(backup.database());
    Engine engine = ports.engine(backup.engine());
    refuse(request, engine);
    Optional<Leases.Lease> place = place(backup, request);
    try (Leases.Lease lease =
        take(Leases.restore(backup.id()), backup.id() + " is being restored already")) {
      Backup restoring = BackupLife.restoring(backup);
      if (!ports.catalogue().update(restoring, backup.state())) {
        throw new DriverException(
            Kind.TRANSIENT, backup.id() + " was moved by somebody else just now; look again");
      }
      try {
        return restore(backup, engine, ports.source(protection), request, progress);
      } finally {
        // A verification meanwhile may have noted its date: take what stands there.
        ports
            .catalogue()
            .find(backup.id())
            .ifPresent(b -> ports.catalogue().update(b.settled(), BackupState.RESTORING));
      }
    } finally {
      place.ifPresent(Leases.Lease::close);
    }
  }

  /** What nobody else may work on meanwhile; empty for a new name that the engine makes up. */
  private Optional<Leases.Lease> place(Backup backup, RestoreRequest request)
      throws DriverException {
    if (request.mode().intoExisting()) {
      // Nobody wants a backup of a database that is half restored.
      return Optional.of(
          take(Leases.run(backup.database()), "a run works on " + backup.database()));
    }
    if (request.newName().isEmpty()) {
      return Optional.empty();
    }
    String name = request.newName().get();
    return Optional.of(
        take(Leases.into(backup.engine(), name), "another restore works on " + name));
  }

  private RestoreReport restore(
      Backup backup, Engine engine, Source target, RestoreRequest request, Progress progress)
      throws DriverException {
    OpenStore store;
    try {
      store = ports.storeOf(backup);
    } catch (DriverException e) {
      throw unreadable(e);
    }
    Manifest manifest;
    try {
      manifest = whole(backup, store, engine, target, request, progress);
    } catch (DriverException e) {
      new BackupCheck(ports).ranInto(backup.id(), e);
      throw e;
    }
    ArtifactReader reader = new ArtifactReader(store.keys());
    List<Attachment> attachments = attachments(manifest, store, reader);
    try (ArtifactStream stream = reader.open(manifest.artifact(), store.store(), progress)) {
      return engine.restore(stream, manifest.facts(), attachments, target, request, progress);
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "reading " + manifest.artifact().key());
    }
  }

  private Manifest whole(
      Backup backup,
      OpenStore store,
      Engine engine,
      Source target,
      RestoreRequest request,
      Progress progress)
      throws DriverException {
    Manifest manifest;
    try {
      manifest = new BackupFolder(store, backup.database(), backup.id()).manifest();
    } catch (DriverException e) {
      throw unreadable(e);
    }
    engine.checkRestore(manifest.facts(), target, request);
    Verdict verdict;
    try {
      verdict = Verification.of(manifest, store, engine, progress);
    } catch (DriverException e) {
      throw unreadable(e);
    }
    if (!verdict.good()) {
      throw unreadable(
          new DriverException(
              Kind.DAMAGED,
              backup.id()
                  + " is damaged, nothing was touched: "
                  + String.join("; ", verdict.findings())));
    }
    return manifest;
  }

  /** Small by nature: dumps hold them in memory too. */
  static List<Attachment> attachments(Manifest manifest, OpenStore store, ArtifactReader reader)
      throws DriverException {
    List<Attachment> attachments = new ArrayList<>();
    for (Map.Entry<String, SealedObject> entry : manifest.attachments().entrySet()) {
      try (ArtifactStream stream = reader.open(entry.getValue(), store.store(), Progress.NONE)) {
        attachments.add(new Attachment(entry.getKey(), stream.readAllBytes()));
      } catch (IOException e) {
        throw BrokenStream.unwrap(e, "reading " + entry.getValue().key());
      }
    }
    return attachments;
  }

  private static void refuse(RestoreRequest request, Engine engine) throws DriverException {
    Set<RestoreRequest.Mode> known = engine.facts().restore();
    if (!known.contains(request.mode())) {
      String can =
          Arrays.stream(RestoreRequest.Mode.values())
              .filter(known::contains)
              .map(RestoreRequest.Mode::phrase)
              .collect(Collectors.joining(" or "));
      throw new DriverException(
          Kind.REJECTED,
          engine.facts().name()
              + " can't restore a backup "
              + request.mode().phrase()
              + "; it restores "
              + can);
    }
  }

  private void refuse(Backup backup) throws DriverException {
    String why =
        switch (backup.state()) {
          case CREATED, EXPIRED -> "";
          case CREATING -> "it is not complete yet";
          case RESTORING -> "it is being restored already; wait for its end";
          case FAILED -> "its run failed: " + backup.error().orElse("for an unknown reason");
          case DELETED -> "it was deleted";
        };
    if (!why.isEmpty()) {
      DriverException refused =
          new DriverException(Kind.REJECTED, backup.id() + " can't be restored now: " + why);
      boolean gone = backup.state() == BackupState.FAILED || backup.state() == BackupState.DELETED;
      throw gone ? unreadable(refused) : refused;
    }
  }

  private Leases.Lease take(String name, String otherwise) throws DriverException {
    return ports
        .leases()
        .tryAcquire(name)
        .orElseThrow(
            () -> new DriverException(Kind.TRANSIENT, otherwise + " right now; try again later"));
  }
}
