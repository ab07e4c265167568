package io.keepset.drivers.store.directory;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** A new file, readable by its owner alone, that can be made to survive a power failure. */
final class Durable extends OutputStream {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final FileChannel channel;

  private Durable(FileChannel channel) {
    this.channel = channel;
  }

  static Durable create(Path file) throws IOException {
    return new Durable(
        FileChannel.open(
            file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), OWNER_FILE));
  }

  /** Creates a folder and all that are missing above it, durably. */
  static void createDirectories(Path folder) throws IOException {
    createDirectories(folder, folder.getRoot());
  }

  /**
   * Creates a folder and those above it, durably, but not the top one: if that is gone, a share was
   * unmounted.
   */
  static void createDirectories(Path folder, Path top) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (folder.equals(top)) {
      throw new NoSuchFileException(folder.toString());
    }
    Path parent = parent(folder);
    createDirectories(parent, top);
    try {
      Files.createDirectory(folder, OWNER_FOLDER);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw new NotDirectoryException(folder.toString());
      }
    }
    sync(parent);
  }

  /** The folder that a file or folder below a store's root lies in. */
  static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent(), "below the root everything has a parent");
  }

  /** Makes what was renamed, created or deleted in a folder durable. */
  static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** On disk when it returns; the file is closed. */
  void finish() throws IOException {
    channel.force(true);
    channel.close();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
