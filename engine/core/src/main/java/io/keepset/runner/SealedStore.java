package io.keepset.runner;

import io.keepset.runner.artifact.KeyRing;
import io.keepset.runner.artifact.Manifest;
import io.keepset.runner.artifact.SealedObject;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Store;
import io.keepset.spi.StoredObject;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/** What a store says of the key that it was written with, before anybody has that key. */
public final class SealedStore {
  private SealedStore() {}

  /**
   * The id of a key that a backup in the store is sealed with; empty if none is sealed.
   *
   * @throws DriverException if the store can't be asked: that says nothing
   */
  public static Optional<String> keyOf(String name, Store store) throws DriverException {
    OpenStore open = new OpenStore(name, store, KeyRing.disabled());
    try (Stream<StoredObject> listing = store.list("")) {
      for (Iterator<StoredObject> objects = listing.iterator(); objects.hasNext(); ) {
        String key = objects.next().key();
        String[] parts = key.split("/", -1);
        if (parts.length == 3
            && BackupIds.database(parts[1]).filter(parts[0]::equals).isPresent()
            && key.equals(Manifest.manifestKey(parts[0], parts[1]))) {
          Optional<String> id = keyOf(new BackupFolder(open, parts[0], parts[1]));
          if (id.isPresent()) {
            return id;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> keyOf(BackupFolder folder) throws DriverException {
    try {
      return folder.manifest().parts().stream()
          .map(SealedObject::keyId)
          .flatMap(Optional::stream)
          .findFirst();
    } catch (DriverException e) {
      if (e.kind() == Kind.DAMAGED || e.kind() == Kind.NOT_FOUND || e.kind() == Kind.REJECTED) {
        return Optional.empty(); // another one may be whole
      }
      throw e;
    }
  }
}
