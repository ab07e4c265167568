package io.keepset.app.doctor;

import io.keepset.app.store.KeyFile;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.spi.DriverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The data directory: state, key, permissions, room. Makes nothing. */
final class DataCheck {
  private static final long LITTLE_ROOM = 256L << 20;

  private final Path data;
  private final List<Diagnostic> findings = new ArrayList<>();

  private DataCheck(Path data) {
    this.data = data;
  }

  /**
   * @param state what opening it has shown
   * @param keyNeeded whether there are backups that the key in the data directory sealed
   */
  static Checkup run(Path data, List<Diagnostic> state, boolean keyNeeded) {
    DataCheck check = new DataCheck(data);
    check.directory();
    check.findings.addAll(state);
    check.key(keyNeeded);
    return new Checkup("data directory " + data, check.findings);
  }

  private void directory() {
    Path existing = nearestExisting(data);
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      findings.add(
          Diagnostic.error(
                  "doctor.data",
                  "user " + System.getProperty("user.name") + " may not write into " + existing,
                  null)
              .withHint(
                  "run keepset as the owner of the data directory, or choose another one with"
                      + " --data or KEEPSET_DATA"));
      return;
    }
    if (!existing.equals(data)) {
      findings.add(Diagnostic.note("doctor.data", "not there yet; the first use makes it", null));
      return;
    }
    try {
      if (open(data)) {
        findings.add(
            Diagnostic.warning("doctor.data", "other users may look into " + data, null)
                .withHint("chmod 700 " + data));
      }
      long room = Files.getFileStore(data).getUsableSpace();
      if (room < LITTLE_ROOM) {
        findings.add(
            Diagnostic.warning(
                    "doctor.data", "only " + room / (1 << 20) + " MiB are free there", null)
                .withHint("make room: without it the state can't be written and no backup counts"));
      }
    } catch (IOException e) {
      findings.add(Diagnostic.error("doctor.data", data + " can't be read: " + e, null));
    }
  }

  private void key(boolean needed) {
    KeyFile key = new KeyFile(data, notice -> {});
    if (!key.exists() && needed) {
      findings.add(
          Diagnostic.error(
                  "doctor.key",
                  "the encryption key "
                      + key.path()
                      + " is gone; the backups that are there can't be read without it",
                  null)
              .withHint("put your copy of it back, readable by its owner alone (chmod 600)"));
      return;
    }
    if (!key.exists()) {
      findings.add(
          Diagnostic.note(
              "doctor.key",
              "no encryption key yet; the first backup makes one, unless stores name their own",
              null));
      return;
    }
    try {
      key.keys();
      if (open(key.path())) {
        findings.add(
            Diagnostic.error(
                    "doctor.key", "other users may read the encryption key " + key.path(), null)
                .withHint("chmod 600 " + key.path()));
      } else {
        findings.add(
            Diagnostic.note(
                "doctor.key",
                "encryption key "
                    + key.path()
                    + "; without it no backup can be restored: keep a"
                    + " copy elsewhere",
                null));
      }
    } catch (DriverException e) {
      findings.add(Diagnostic.error("doctor.key", e.getMessage(), null));
    } catch (IOException e) {
      findings.add(Diagnostic.error("doctor.key", key.path() + " can't be read: " + e, null));
    }
  }

  private static boolean open(Path path) throws IOException {
    Set<PosixFilePermission> others = PosixFilePermissions.fromString("---rwxrwx");
    return Files.getPosixFilePermissions(path).stream().anyMatch(others::contains);
  }

  static Path nearestExisting(Path path) {
    Path at = path;
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }
}
