package io.keepset.runner;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.Suspicion;
import io.keepset.runner.artifact.Manifest;
import java.time.Instant;
import java.util.List;

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
    Backup bare =
        BackupLife.creating(
            manifest.id(),
            manifest.database(),
            manifest.engine(),
            manifest.kind(),
            store,
            manifest.time());
    return of(bare, manifest, verified);
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

  private boolean suspicious(Backup entry, long size) {
    int percent = ports.suspiciousBelowPercent().getAsInt();
    if (percent == 0 || entry.kind() == BackupKind.UPLOADED) {
      return false; // an upload is the very file that somebody chose
    }
    List<Backup> earlier =
        ports.catalogue().backups(entry.database()).stream()
            .filter(b -> b.kind() != BackupKind.UPLOADED && b.time().isBefore(entry.time()))
            .toList();
    return Suspicion.of(size, earlier, percent / 100.0).isPresent();
  }
}
