package io.keepset.runner;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.runner.artifact.Manifest;
import io.keepset.runner.artifact.SealedObject;
import io.keepset.spi.DriverException;
import io.keepset.spi.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares what lies in a store with what the catalogue says of it, by names and sizes and
 * manifests. Changes nothing. Memory follows the largest database, not the store.
 */
final class StoreSurvey {
  /** What the comparison says about one backup. */
  enum Standing {
    /** Known and there. */
    SOUND,
    /** Complete in the store, but the catalogue does not count it. */
    UNKNOWN,
    /** Known, but its manifest is not there. */
    LOST,
    /** There, but not as its manifest says. */
    DAMAGED,
    /** Whole, but sealed with a key that the store does not have: nobody can read it now. */
    LOCKED,
    /** Objects that belong to no backup. */
    STRAY,
    /** A run or a deletion that did not come to its end, or is under way. */
    UNFINISHED
  }

  /**
   * @param entry of the catalogue, if there is one
   * @param newest when the newest of its objects was written
   */
  record Item(
      Standing standing,
      String database,
      String id,
      Optional<Backup> entry,
      Optional<Manifest> manifest,
      Optional<Instant> newest,
      String message) {
    private Item as(Standing other, String words) {
      return new Item(other, database, id, entry, manifest, newest, words);
    }

    private Item with(Manifest found) {
      return new Item(standing, database, id, entry, Optional.of(found), newest, message);
    }
  }

  /** Takes one item at a time. */
  @FunctionalInterface
  interface Visitor {
    void visit(Item item) throws DriverException;
  }

  private final Catalogue catalogue;
  private final OpenStore store;

  StoreSurvey(Catalogue catalogue, OpenStore store) {
    this.catalogue = catalogue;
    this.store = store;
  }

  /**
   * Visits everything once, database by database.
   *
   * @return how many folders of backups the store has
   */
  int walk(Visitor visitor) throws DriverException {
    SortedSet<String> unseen = new TreeSet<>(catalogue.databases());
    catalogue.deleting().forEach(b -> unseen.add(b.database()));
    int folders = 0;
    try (Stream<StoredObject> listing = store.store().list("")) {
      @Nullable String database = null;
      SortedMap<String, List<StoredObject>> ids = new TreeMap<>();
      for (Iterator<StoredObject> objects = listing.iterator(); objects.hasNext(); ) {
        StoredObject object = objects.next();
        String[] parts = object.key().split("/", -1);
        if (parts.length != 3 || BackupIds.database(parts[1]).filter(parts[0]::equals).isEmpty()) {
          continue; // not ours
        }
        if (!parts[0].equals(database)) {
          folders += database(database, ids, unseen, visitor);
          database = parts[0];
          ids.clear();
        }
        ids.computeIfAbsent(parts[1], id -> new ArrayList<>()).add(object);
      }
      folders += database(database, ids, unseen, visitor);
    }
    for (String name : List.copyOf(unseen)) {
      database(name, new TreeMap<>(), unseen, visitor);
    }
    return folders;
  }

  private int database(
      @Nullable String name,
      SortedMap<String, List<StoredObject>> ids,
      SortedSet<String> unseen,
      Visitor visitor)
      throws DriverException {
    if (name == null) {
      return 0;
    }
    unseen.remove(name);
    // The entries are read after the objects: a run that began meanwhile has its entry first.
    SortedMap<String, Backup> entries = new TreeMap<>();
    Stream.concat(
            catalogue.backups(name).stream(),
            catalogue.deleting().stream().filter(b -> b.database().equals(name)))
        .filter(b -> b.store().filter(store.name()::equals).isPresent())
        .forEach(b -> entries.put(b.id(), b));
    SortedSet<String> all = new TreeSet<>(ids.keySet());
    all.addAll(entries.keySet());
    for (String id : all) {
      List<StoredObject> objects = ids.getOrDefault(id, List.of());
      Optional<Backup> entry = Optional.ofNullable(entries.get(id)).or(() -> catalogue.find(id));
      Optional<Item> item = judge(name, id, entry, objects);
      if (item.isPresent()) {
        visitor.visit(item.get());
      }
    }
    return ids.size();
  }

  private Optional<Item> judge(
      String database, String id, Optional<Backup> entry, List<StoredObject> objects)
      throws DriverException {
    boolean counts = entry.isPresent() && counts(entry.get());
    // What a backup left is not swept away with the remains of runs.
    boolean wasCreated =
        entry.filter(b -> b.state() == BackupState.FAILED && BackupLife.wasCreated(b)).isPresent();
    if (objects.isEmpty() && !counts && entry.filter(StoreSurvey::unfinished).isEmpty()) {
      return Optional.empty(); // a failed run that left nothing
    }
    Item bare =
        new Item(
            Standing.UNFINISHED,
            database,
            id,
            entry,
            Optional.empty(),
            objects.stream().map(StoredObject::modified).max(Instant::compareTo),
            "a run or a deletion that has not come to its end");
    if (entry.filter(StoreSurvey::unfinished).isPresent()) {
      return Optional.of(bare);
    }
    BackupFolder folder = new BackupFolder(store, database, id);
    if (objects.stream().noneMatch(o -> o.key().equals(folder.manifestKey()))) {
      return Optional.of(
          counts || wasCreated
              ? bare.as(
                  Standing.LOST,
                  (objects.isEmpty() ? "nothing of it is" : "its manifest is not")
                      + " in store "
                      + store.name()
                      + " any more")
              : bare.as(Standing.STRAY, "what lies there belongs to no backup"));
    }
    try {
      Manifest manifest = folder.manifest();
      Optional<String> damage = damage(manifest, objects);
      Optional<String> missing = missingKey(manifest);
      if (damage.isEmpty() && missing.isPresent()) {
        return Optional.of(
            bare.with(manifest)
                .as(
                    Standing.LOCKED,
                    "is sealed with key " + missing.get() + ", which this store does not have"));
      }
      return Optional.of(
          damage.isPresent()
              ? bare.as(Standing.DAMAGED, damage.get())
              : bare.with(manifest)
                  .as(
                      counts ? Standing.SOUND : Standing.UNKNOWN,
                      counts
                          ? "is as its manifest says"
                          : "is whole, but the catalogue does not count it"));
    } catch (DriverException e) {
      return switch (e.kind()) {
        case DAMAGED, REJECTED -> Optional.of(bare.as(Standing.DAMAGED, e.getMessage()));
        case TRANSIENT, DENIED, NOT_FOUND -> throw e;
      };
    }
  }

  /** The finding about a LOCKED one, with what to do. */
  static Diagnostic locked(Item item) {
    return Diagnostic.error("store.key", item.id() + ": " + item.message(), null)
        .withHint(
            "put the old key on a line of its own below the current one (keys/backup.key in the"
                + " data directory, or where encryption.key of the store refers to); then look"
                + " again");
  }

  private static boolean unfinished(Backup entry) {
    return switch (entry.state()) {
      case CREATING -> true;
      case DELETED -> entry.store().isPresent();
      case CREATED, RESTORING, FAILED, EXPIRED -> false;
    };
  }

  private static boolean counts(Backup entry) {
    return switch (entry.state()) {
      case CREATED, RESTORING, EXPIRED -> true;
      case CREATING, FAILED, DELETED -> false;
    };
  }

  private Optional<String> missingKey(Manifest manifest) {
    return manifest.parts().stream()
        .flatMap(part -> part.keyId().stream())
        .filter(id -> !store.keys().has(id))
        .findFirst();
  }

  private static Optional<String> damage(Manifest manifest, List<StoredObject> objects) {
    Map<String, Long> sizes = new TreeMap<>();
    objects.forEach(o -> sizes.put(o.key(), o.size()));
    for (SealedObject part : manifest.parts()) {
      Long size = sizes.get(part.key());
      if (size == null) {
        return Optional.of(part.key() + " is missing");
      }
      if (size != part.stored().size()) {
        return Optional.of(
            part.key() + " has " + size + " bytes, written were " + part.stored().size());
      }
    }
    return Optional.empty();
  }
}
