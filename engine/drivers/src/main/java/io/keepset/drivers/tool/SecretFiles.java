package io.keepset.drivers.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Files with secrets that one run of a tool reads: each 0600, in a 0700 directory of their own that
 * is made with the first of them. They go with {@link #close}; what a killed process left goes with
 * the next that are made. One thread at a time.
 */
public final class SecretFiles implements AutoCloseable {
  private Optional<Path> directory = Optional.empty();

  /**
   * Writes one, UTF-8.
   *
   * @param name of the file, not yet used here
   */
  public Path write(String name, String content) {
    try {
      Path file = make(name);
      Files.writeString(file, content);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes what a stream holds.
   *
   * @param name of the file, not yet used here
   * @throws IOException of the stream, or of the disk
   */
  public Path write(String name, InputStream content) throws IOException {
    Path file = make(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      content.transferTo(out);
    }
    return file;
  }

  private Path make(String name) throws IOException {
    if (directory.isEmpty()) {
      Path parent = Path.of(System.getProperty("java.io.tmpdir"));
      directory = Optional.of(OwnedDirectory.make(parent, "keepset-login-"));
    }
    Path file = directory.get().resolve(name);
    return Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** Removes them all. More may be written after it. */
  @Override
  public void close() {
    if (directory.isEmpty()) {
      return;
    }
    try {
      OwnedDirectory.delete(directory.get());
      directory = Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
