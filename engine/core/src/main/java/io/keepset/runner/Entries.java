package io.keepset.runner;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.Copies;
import io.keepset.retention.Suspicion;
import io.keepset.runner.artifact.Manifest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a manifest in a store means for the catalogue. */
final class Entries {
  private final RunnerPorts ports;

  Entries(RunnerPorts ports) {
    this.ports = ports;
  }

  /**
   * Makes the entry CREATED, as its manifest says.
   *
   * @return the entry afterwards: not CREATED if somebody took its run for dead and decided first
   */
  Backup created(Backup entry, Manifest manifest, Instant verified) {
    Backup created = of(entry, manifest, verified);
    if (ports.catalogue().update(created, entry.state())) {
      return created;
    }
    return ports
        .catalogue()
        .find(entry.id())
        .orElseThrow(() -> new IllegalStateException("no entry for the running " + entry.id()));
  }

  /** The entry of a manifest that the catalogue does not know. */
  Backup fresh(Manifest manifest, String store, Instant verified) {
    return of(BackupLife.found(manifest, store), manifest, verified);
  }

  private Backup of(Backup entry, Manifest manifest, Instant verified) {
    long size = manifest.artifact().plain().size();
    return BackupLife.created(
        entry,
        manifest.verified().orElse(manifest.finished()),
        size,
        manifest.storedSize(),
        verified,
        suspicious(entry, size));
  }

  /** A copy is what its original is; where nobody knows that, it is judged beside its like. */
  private boolean suspicious(Backup entry, long size) {
    Optional<Backup> original =
        entry.copyOf().flatMap(copy -> ports.catalogue().find(copy.backup()));
    if (original.isPresent()) {
      return original.get().suspicious();
    }
    int percent = ports.suspiciousBelowPercent().getAsInt();
    if (percent == 0 || entry.kind() == BackupKind.UPLOADED) {
      return false; // an upload is the very file that somebody chose
    }
    List<Backup> earlier =
        Copies.alike(ports.catalogue().backups(entry.database()), entry).stream()
            .filter(b -> b.kind() != BackupKind.UPLOADED && b.time().isBefore(entry.time()))
            .toList();
    return Suspicion.of(size, earlier, percent / 100.0).isPresent();
  }
}
