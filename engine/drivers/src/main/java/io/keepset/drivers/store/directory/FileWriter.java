package io.keepset.drivers.store.directory;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.StoreWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file beside the objects and renames it among them. */
final class FileWriter implements StoreWriter {
  private static final int ATTEMPTS = 20;

  private final String key;
  private final Path temporary;
  private final Path target;
  private final Path root;
  private final Durable file;
  private boolean done;

  FileWriter(String key, Path temporary, Path target, Path root, Durable file) {
    this.key = key;
    this.temporary = temporary;
    this.target = target;
    this.root = root;
    this.file = file;
  }

  @Override
  public OutputStream stream() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
          file.write(bytes, offset, length);
        } catch (IOException e) {
          throw new BrokenStream(Trouble.of(e, "writing " + key + " to", root));
        }
      }
    };
  }

  @Override
  public void commit() throws DriverException {
    if (done) {
      throw new IllegalStateException(key + " was committed or closed before");
    }
    try {
      file.finish();
      rename();
      done = true;
      Durable.sync(Durable.parent(target));
    } catch (IOException e) {
      throw Trouble.of(e, "writing " + key + " to", root);
    }
  }

  /** A delete may take the emptied folder away between the two steps: then once more. */
  private void rename() throws IOException {
    for (int attempt = 1; ; attempt++) {
      Durable.createDirectories(Durable.parent(target), root);
      try {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (NoSuchFileException e) {
        if (attempt == ATTEMPTS || !Files.exists(temporary)) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() {
    if (done) {
      return;
    }
    done = true;
    try {
      file.close();
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // It stays as a left-over, which cleanLeftovers removes; nobody can do more here.
      return;
    }
  }
}
