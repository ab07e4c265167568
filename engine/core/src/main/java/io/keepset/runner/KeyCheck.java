package io.keepset.runner;

import io.keepset.retention.Backup;
import io.keepset.runner.artifact.Manifest;
import io.keepset.spi.DriverException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** Whether the keys of a store open what lies in it, as the manifests name them. */
public final class KeyCheck {
  private KeyCheck() {}

  /**
   * Reads the manifest of each database's newest backup, no more: a key that is lost or another's
   * shows there.
   *
   * @throws DriverException DENIED if a key is missing; the message names it. Otherwise the store's
   *     own, or what is wrong with a manifest
   */
  public static void run(OpenStore store, Collection<Backup> backups) throws DriverException {
    Map<String, Backup> newest = new TreeMap<>();
    for (Backup backup : backups) {
      newest.merge(
          backup.database(),
          backup,
          (one, other) -> Comparator.comparing(Backup::time).compare(one, other) < 0 ? other : one);
    }
    for (Backup backup : newest.values()) {
      Manifest manifest = new BackupFolder(store, backup.database(), backup.id()).manifest();
      if (manifest.artifact().keyId().isPresent()) {
        store.keys().find(manifest.artifact().keyId().get(), manifest.artifact().key());
      }
    }
  }
}
