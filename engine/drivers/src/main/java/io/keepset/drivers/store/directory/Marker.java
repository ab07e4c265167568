package io.keepset.drivers.store.directory;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that tells a store from a directory that only happens to be there. */
final class Marker {
  static final String NAME = ".keepset-store";
  private static final byte[] TEXT =
      """
      Keepset keeps backups in this directory. While this file is missing it is taken for a mount
      point with nothing mounted, and left alone.
      """
          .getBytes(StandardCharsets.UTF_8);

  private final Path root;
  private final DirectorySettings settings;

  Marker(Path root, DirectorySettings settings) {
    this.root = root;
    this.settings = settings;
  }

  /**
   * Sees that the directory is the store: cheap, and asked before every step, since a share can go
   * away at any time.
   *
   * @throws DriverException with what is there instead
   */
  void require() throws DriverException {
    if (Files.exists(root.resolve(NAME))) {
      return;
    }
    try {
      if (Files.exists(root) && !Files.isDirectory(root)) {
        throw new DriverException(
            Kind.REJECTED, root + " is a file; a directory store needs a directory");
      }
      if (settings.mount() && !isMountPoint()) {
        throw new DriverException(
            Kind.TRANSIENT,
            root + " is not mounted (the store says mount: true); mount it and try again");
      }
      if (!isEmpty()) {
        if (Files.exists(root.resolve(NAME))) {
          return; // another thread or node began meanwhile
        }
        throw new DriverException(
            Kind.REJECTED,
            root
                + " holds files, but not the marker "
                + NAME
                + " of a store; choose an empty directory or, if these are backups of Keepset,"
                + " put the marker back: touch "
                + root.resolve(NAME));
      }
      if (!settings.mayBegin().getAsBoolean()) {
        throw new DriverException(
            Kind.TRANSIENT,
            root
                + " is empty, but there are backups in this store; is its file system mounted?"
                + " If they are lost for good, begin anew: mkdir -p "
                + root
                + " && touch "
                + root.resolve(NAME));
      }
      begin();
    } catch (IOException e) {
      throw Trouble.of(e, "opening", root);
    }
  }

  private void begin() throws IOException {
    Durable.createDirectories(root);
    try (Durable file = Durable.create(root.resolve(NAME))) {
      file.write(TEXT, 0, TEXT.length);
      file.finish();
    } catch (FileAlreadyExistsException e) {
      // Another thread or node began at the same time.
      return;
    }
    Durable.sync(root);
  }

  private boolean isEmpty() throws IOException {
    if (!Files.exists(root)) {
      return true;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(root)) {
      for (Path file : files) {
        // Every ext4 has it.
        if (!file.getFileName().toString().equals("lost+found")) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isMountPoint() throws IOException {
    if (!Files.isDirectory(root) || root.getParent() == null) {
      return Files.isDirectory(root);
    }
    return !Files.getAttribute(root, "unix:dev")
        .equals(Files.getAttribute(root.getParent(), "unix:dev"));
  }
}
