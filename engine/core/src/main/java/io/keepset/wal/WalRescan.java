package io.keepset.wal;

import io.keepset.runner.OpenStore;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes the catalogue say what log a store holds: takes in what it does not know. */
public final class WalRescan {
  /** No description of a segment comes near it; what is larger is none. */
  private static final int LIMIT = 1 << 20;

  private final RunnerPorts ports;
  private final WalCatalogue catalogue;

  public WalRescan(RunnerPorts ports, WalCatalogue catalogue) {
    this.ports = ports;
    this.catalogue = catalogue;
  }

  /** Returns what was changed, a line for each database. */
  public List<String> run(String storeName) throws DriverException {
    OpenStore store = ports.stores().open(storeName);
    Set<String> keys = new HashSet<>();
    List<String> manifests = new ArrayList<>();
    try (Stream<StoredObject> listing = store.store().list("")) {
      for (Iterator<StoredObject> objects = listing.iterator(); objects.hasNext(); ) {
        String key = objects.next().key();
        String[] parts = key.split("/", -1);
        if (parts.length == 4 && parts[1].equals("wal")) {
          keys.add(key);
          if (key.endsWith(".json")) {
            manifests.add(key);
          }
        }
      }
    }
    Map<String, Integer> taken = new TreeMap<>();
    for (String key : manifests) {
      WalFile file = read(store, key);
      boolean there = keys.contains(file.object().key());
      Optional<WalFile> known = catalogue.find(file.database(), file.systemId(), file.name());
      if (there && known.filter(k -> !isOlder(k, file)).isEmpty()) {
        catalogue.put(file);
        taken.merge(file.database(), 1, Integer::sum);
      }
    }
    List<String> changes = new ArrayList<>();
    taken.forEach(
        (database, n) -> changes.add(n + " files of the log of " + database + " taken in"));
    return changes;
  }

  /** An open segment has an entry for each state that was not yet removed. */
  private static boolean isOlder(WalFile known, WalFile found) {
    return known.scan().isPresent()
        && found.scan().isPresent()
        && known.scan().get().end() < found.scan().get().end();
  }

  private static WalFile read(OpenStore store, String key) throws DriverException {
    try (InputStream in = store.store().open(key)) {
      return WalCodec.file(
          in.readNBytes(LIMIT), store.name(), Optional.empty(), Optional.empty(), key);
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "reading " + key);
    }
  }
}
