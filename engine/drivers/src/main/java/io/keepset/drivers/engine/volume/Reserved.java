package io.keepset.drivers.engine.volume;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Options;
import io.keepset.policy.OwnStore;
import io.keepset.policy.Protection;
import io.keepset.policy.StoreFields;
import io.keepset.policy.StoreSpec;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Directories of this machine that are no volumes: who may declare a database may not thereby read
 * Keepset's keys or the backups of others, nor put something in their place. Links are followed as
 * far as they exist.
 *
 * @param data Keepset's data directory, on an installation
 * @param stores in force when it is asked
 */
public record Reserved(Optional<Path> data, Supplier<Collection<StoreSpec>> stores) {
  /** Where there is neither. */
  public static final Reserved NOTHING = new Reserved(Optional.empty(), List::of);

  /**
   * What stands against a volume, as errors without a line.
   *
   * @param planned stores besides its own and those in force
   */
  List<Diagnostic> met(Protection desired, Collection<StoreSpec> planned) {
    Optional<String> path = desired.connection().get("path");
    if (path.isEmpty()) {
      return List.of();
    }
    Path directory = Volume.real(Path.of(path.get()));
    List<Diagnostic> findings = new ArrayList<>();
    ownStore(desired, directory).ifPresent(findings::add);
    if (findings.isEmpty()) {
      List<StoreSpec> all = new ArrayList<>(planned);
      all.addAll(stores.get());
      store(directory, all).ifPresent(findings::add);
    }
    ownData(directory).ifPresent(findings::add);
    return findings.stream().map(found -> found.withPointer("connection.path")).toList();
  }

  /**
   * @throws DriverException REJECTED if the directory is none to read from or to write to
   */
  void forbid(Path directory) throws DriverException {
    Path real = Volume.real(directory);
    Optional<Diagnostic> found = ownData(real).or(() -> store(real, stores.get()));
    if (found.isPresent()) {
      throw new DriverException(Kind.REJECTED, found.get().message() + "; choose another place");
    }
  }

  private Optional<Diagnostic> ownData(Path directory) {
    if (data.isEmpty() || !meet(directory, Volume.real(data.get()))) {
      return Optional.empty();
    }
    return Optional.of(
        Diagnostic.error(
                "volume.own-data",
                directory
                    + " is, holds or lies in the data directory of Keepset itself, "
                    + data.get()
                    + ", with its keys and secrets",
                null)
            .withHint("back up the directories beside it, or move it with --data"));
  }

  private static boolean meet(Path one, Path other) {
    return one.startsWith(other) || other.startsWith(one);
  }

  /** Through links a directory may hold its own store though the paths do not say so. */
  private static Optional<Diagnostic> ownStore(Protection desired, Path directory) {
    Options options = desired.options();
    Optional<String> place = options.get(StoreFields.PREFIX + "path");
    boolean inFiles = options.get(StoreFields.PREFIX + "type").equals(Optional.of("directory"));
    return inFiles && place.isPresent()
        ? OwnStore.overlap(
            desired.name(),
            directory,
            desired.store().orElse(""),
            Volume.real(Path.of(place.get())),
            null)
        : Optional.empty();
  }

  /** The first store by its path that a directory meets. */
  private static Optional<Diagnostic> store(Path directory, Collection<StoreSpec> stores) {
    TreeSet<String> places = new TreeSet<>();
    for (StoreSpec store : stores) {
      if (store.type().equals("directory")) {
        String place = store.options().get("path", "");
        if (places.add(place)) {
          Optional<Diagnostic> found =
              OwnStore.overlap(directory, store.name(), Volume.real(Path.of(place)), null);
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }
}
