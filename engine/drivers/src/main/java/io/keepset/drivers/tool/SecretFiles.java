package io.keepset.drivers.tool;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
   * @throws DriverException if there is no room for it, and where
   */
  public Path write(String name, String content) throws DriverException {
    Path file = create(name);
    try (OutputStream out = fill(file)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
      return file;
    } catch (IOException e) {
      throw trouble(file, e);
    }
  }

  /**
   * Makes an empty one.
   *
   * @param name of the file, not yet used here
   * @throws DriverException if there is no room for it, and where
   */
  public Path create(String name) throws DriverException {
    try {
      return make(name);
    } catch (IOException e) {
      throw trouble(parent(), e);
    }
  }

  /** To write into one of them. What the disk refuses is told by a {@link BrokenStream}. */
  public static OutputStream fill(Path file) throws IOException {
    return new FilterOutputStream(Files.newOutputStream(file)) {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
          out.write(bytes, offset, length);
        } catch (IOException e) {
          throw new BrokenStream(trouble(file, e));
        }
      }
    };
  }

  private static DriverException trouble(Path file, IOException e) {
    if (e instanceof BrokenStream broken) {
      return broken.failure();
    }
    return new DriverException(
        Kind.TRANSIENT,
        "a file of this run can't be written in "
            + file
            + ": "
            + (e.getMessage() == null ? e.toString() : e.getMessage())
            + "; make room there, or name another directory: JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=…",
        e);
  }

  private static Path parent() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  private Path make(String name) throws IOException {
    if (directory.isEmpty()) {
      directory = Optional.of(OwnedDirectory.make(parent(), "keepset-login-"));
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
