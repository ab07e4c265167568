package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory must not be backed up into itself: each backup would hold all earlier ones, and a
 * restore over the directory would take them away. Nor is the store of others a volume: its backups
 * would be read by who may not, and a restore would end them. Compares the paths as they are
 * written; what links make of them is for whoever can see the machine. Pure.
 */
public final class OwnStore {
  private static final String VOLUME = "volume";

  private final Map<String, Path> directories = new TreeMap<>();

  /**
   * @param stores blocks of kind store, by name
   */
  OwnStore(Map<String, Declared> stores) {
    for (Declared store : stores.values()) {
      if (store.body().text("type").equals(Optional.of("directory"))) {
        store.body().text("path").flatMap(OwnStore::path).ifPresent(path -> put(store, path));
      }
    }
  }

  private void put(Declared store, Path path) {
    directories.put(store.name(), path);
  }

  /** What is wrong with where this database's backups and their copies go. */
  List<Diagnostic> check(Resolved resolved) {
    Protection protection = resolved.protection();
    if (!protection.engine().equals(VOLUME) || directories.isEmpty()) {
      return List.of();
    }
    String written = protection.connection().get("path", "");
    if (isPlain(written) && directories.values().stream().noneMatch(d -> near(written, d))) {
      return List.of();
    }
    Optional<Path> volume = path(written);
    if (volume.isEmpty()) {
      return List.of();
    }
    List<String> stores = new ArrayList<>();
    protection.store().ifPresent(stores::add);
    protection.copies().values().forEach(copy -> stores.add(copy.to()));
    Origin origin = resolved.origins().get("connection.path");
    Location at = origin == null || origin.at() == null ? resolved.declaredAt() : origin.at();
    List<Diagnostic> found = new ArrayList<>();
    for (String store : stores) {
      Path place = directories.get(store);
      if (place != null) {
        overlap(protection.name(), volume.get(), store, place, at).ifPresent(found::add);
      }
    }
    directories.forEach(
        (store, place) -> {
          if (!stores.contains(store)) {
            overlap(volume.get(), store, place, at).ifPresent(found::add);
          }
        });
    return found;
  }

  /**
   * An error if one path is the other, or lies in it.
   *
   * @param place where the store is
   * @param at the line that says where the directory is, if it is known
   */
  public static Optional<Diagnostic> overlap(
      String database, Path directory, String store, Path place, @Nullable Location at) {
    return how(directory, store, place)
        .map(
            how ->
                Diagnostic.error(
                        "volume.own-store", how + ", where backups of " + database + " go", at)
                    .withHint("keep its backups in a store outside of it"));
  }

  /** The same of a store where backups of others go. */
  public static Optional<Diagnostic> overlap(
      Path directory, String store, Path place, @Nullable Location at) {
    return how(directory, store, place)
        .map(
            how ->
                Diagnostic.error("volume.store", how + ", and backups are no volume", at)
                    .withHint(
                        "name a directory apart from all stores; backups get into a second store"
                            + " by copy"));
  }

  private static Optional<String> how(Path directory, String store, Path place) {
    String written = Quote.text(directory.toString());
    if (directory.equals(place)) {
      return Optional.of(written + " is the directory of store " + store);
    }
    String there = " the directory of store " + store + ", " + Quote.text(place.toString());
    if (place.startsWith(directory)) {
      return Optional.of(written + " holds" + there);
    }
    return directory.startsWith(place)
        ? Optional.of(written + " lies in" + there)
        : Optional.empty();
  }

  /** Without dots and doubled slashes a path can be compared as text, which thousands are. */
  private static boolean isPlain(String path) {
    return path.length() > 1 && !path.contains("/.") && !path.contains("//");
  }

  private static boolean near(String path, Path directory) {
    String other = directory.toString();
    // A slash at the end makes it no other place.
    String place = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return place.startsWith(other) || other.startsWith(place);
  }

  /** Without detours by dots; empty if it is no path at all. */
  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text).normalize()).filter(Path::isAbsolute);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
