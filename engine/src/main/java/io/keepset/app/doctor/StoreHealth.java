package io.keepset.app.doctor;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.Drivers;
import io.keepset.policy.StoreSpec;
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

  static Checkup run(StoreSpec spec, Secrets secrets) {
    List<Diagnostic> findings = new ArrayList<>();
    findings.add(reach(spec, secrets));
    spec.options().get("encryption.key").ifPresent(key -> findings.add(key(key, secrets)));
    if (spec.options().flag("encryption.disabled", false)) {
      findings.add(
          Diagnostic.warning("doctor.store.clear", "backups are stored unencrypted", null)
              .withHint("take encryption.disabled away unless the store itself encrypts"));
    }
    return new Checkup("store " + spec.name() + " (" + spec.type() + ")", findings);
  }

  private static Diagnostic reach(StoreSpec spec, Secrets secrets) {
    Optional<Path> unused =
        spec.options().get("path").map(Path::of).filter(StoreHealth::holdsNothing);
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
