package io.keepset.app.store;

import io.keepset.runner.artifact.ArtifactKey;
import io.keepset.runner.artifact.KeyRing;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The key of those who name none: made once, kept in the data directory, readable by its owner
 * alone. Several processes may ask at the same time; all get the same key.
 */
public final class KeyFile {
  private final Path file;
  private final Consumer<String> notice;

  /**
   * @param data the data directory
   * @param notice hears, once in the life of the key, where it lies and what its loss means
   */
  public KeyFile(Path data, Consumer<String> notice) {
    this.file = data.toAbsolutePath().resolve("keys").resolve("backup.key");
    this.notice = notice;
  }

  public Path path() {
    return file;
  }

  public boolean exists() {
    return Files.exists(file);
  }

  /**
   * The keys in the file; makes the file if there is none.
   *
   * @throws DriverException DENIED if it can't be read or made, or holds no key
   */
  public KeyRing keys() throws DriverException {
    try {
      if (!Files.exists(file)) {
        make();
      }
      return KeyRing.parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new DriverException(
          Kind.DENIED,
          "the encryption key "
              + file
              + " can't be read or made ("
              + (e instanceof NoSuchFileException ? "no such directory" : reason(e))
              + "); the user that runs keepset must own the data directory",
          e);
    }
  }

  private void make() throws IOException {
    Path folder = Objects.requireNonNull(file.getParent(), "a key lies in a folder");
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    ArtifactKey key = ArtifactKey.generate(new SecureRandom());
    String text =
        "# Keepset seals backups with the first key and opens them with every key in this file.\n"
            + "# Without it no backup can be restored: keep a copy away from this machine.\n"
            + key.reveal()
            + "\n";
    Path draft = folder.resolve("." + UUID.randomUUID());
    try (FileChannel channel =
        FileChannel.open(
            draft,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
      // A link appears whole or not at all, and only where nothing is yet.
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      // Another process was first: its key is the key.
      return;
    } finally {
      Files.deleteIfExists(draft);
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
    notice.accept(
        "a new encryption key was made: "
            + file
            + " ("
            + key
            + ")\nEvery backup is sealed with it. WITHOUT THIS FILE NO BACKUP CAN BE RESTORED:"
            + " copy it now to a safe place away from this machine.");
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
