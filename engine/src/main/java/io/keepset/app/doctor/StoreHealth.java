package io.keepset.app.doctor;

import io.keepset.app.store.KeyFile;
import io.keepset.app.store.StoreFactory;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.Drivers;
import io.keepset.plan.Figures;
import io.keepset.policy.StoreSpec;
import io.keepset.retention.Backup;
import io.keepset.runner.KeyCheck;
import io.keepset.runner.OpenStore;
import io.keepset.runner.artifact.KeyRing;
import io.keepset.spi.DriverException;
import io.keepset.spi.Secrets;
import io.keepset.spi.Store;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A declared store: can it be reached, written, read, and are its keys there? Begins none. */
final class StoreHealth {
  private StoreHealth() {}

  /** Whether it does without the key in the data directory. */
  static boolean hasOwnKey(StoreSpec spec) {
    return spec.options().get("encryption.key").isPresent()
        || spec.options().flag("encryption.disabled", false);
  }

  /**
   * @param backups that it should hold
   */
  static Checkup run(StoreSpec spec, Secrets secrets, Path data, List<Backup> backups) {
    List<Diagnostic> findings = new ArrayList<>();
    Diagnostic reached = reach(spec, secrets, backups);
    findings.add(reached);
    if (!reached.isError() && !backups.isEmpty()) {
      opens(spec, secrets, new KeyFile(data, notice -> {}), backups).ifPresent(findings::add);
    }
    spec.options().get("encryption.key").ifPresent(key -> findings.add(key(key, secrets)));
    if (spec.options().flag("encryption.disabled", false)) {
      findings.add(
          Diagnostic.warning("doctor.store.clear", "backups are stored unencrypted", null)
              .withHint("take encryption.disabled away unless the store itself encrypts"));
    }
    return new Checkup("store " + spec.name() + " (" + spec.type() + ")", findings);
  }

  /** What is wrong with the keys, seen from what they should open. */
  private static Optional<Diagnostic> opens(
      StoreSpec spec, Secrets secrets, KeyFile key, List<Backup> backups) {
    if (!hasOwnKey(spec) && !key.exists()) {
      return Optional.empty(); // said of the data directory
    }
    try {
      OpenStore store = new StoreFactory(secrets, key).open(spec, () -> false);
      try (Store opened = store.store()) {
        KeyCheck.run(new OpenStore(store.name(), opened, store.keys()), backups);
      }
      return Optional.empty();
    } catch (DriverException e) {
      return Optional.of(
          switch (e.kind()) {
            case DENIED ->
                Diagnostic.error("doctor.key", e.getMessage(), null)
                    .withHint("without that key these backups can't be restored: bring it back");
            case TRANSIENT, NOT_FOUND, REJECTED, DAMAGED ->
                Diagnostic.error("doctor.store", e.getMessage(), null)
                    .withHint("see all of it: keepset store check " + spec.name());
          });
    }
  }

  private static Diagnostic reach(StoreSpec spec, Secrets secrets, List<Backup> backups) {
    Optional<Path> unused =
        spec.options().get("path").map(Path::of).filter(StoreHealth::holdsNothing);
    if (spec.type().equals("directory") && unused.isPresent() && !backups.isEmpty()) {
      return Diagnostic.error(
              "doctor.store",
              unused.get()
                  + " holds nothing, but "
                  + Figures.count(backups.size(), "backup")
                  + " should be there",
              null)
          .withHint(
              "mount it, or declare the path where the backups are now; if they are lost for good,"
                  + " keepset store rescan "
                  + spec.name()
                  + " says how to begin anew");
    }
    if (spec.type().equals("directory") && unused.isPresent()) {
      return beginning(unused.get());
    }
    try (Store store = Drivers.store(spec, secrets, () -> false)) {
      store.check();
      return Diagnostic.note("doctor.store", store.describe() + " can be written and read", null);
    } catch (DriverException e) {
      return Diagnostic.error("doctor.store", e.getMessage(), null);
    }
  }

  private static Diagnostic beginning(Path directory) {
    Path existing = DataCheck.nearestExisting(directory);
    return Files.isDirectory(existing) && Files.isWritable(existing)
        ? Diagnostic.note(
            "doctor.store", directory + " holds nothing yet; the first backup begins it", null)
        : Diagnostic.error(
                "doctor.store",
                "user " + System.getProperty("user.name") + " may not write into " + existing,
                null)
            .withHint(
                "mkdir -p "
                    + directory
                    + " && chown "
                    + System.getProperty("user.name")
                    + " "
                    + directory);
  }

  private static boolean holdsNothing(Path directory) {
    if (!Files.exists(directory)) {
      return true;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    } catch (IOException e) {
      return false;
    }
  }

  private static Diagnostic key(String reference, Secrets secrets) {
    try {
      KeyRing.parse(secrets.resolve(reference).reveal(), reference);
      return Diagnostic.note("doctor.key", "encryption key from " + reference, null);
    } catch (DriverException e) {
      return Diagnostic.error("doctor.key", e.getMessage(), null);
    }
  }
}
