package io.keepset.drivers.engine.postgresql.physical;

import io.keepset.drivers.engine.postgresql.physical.UstarScanner.Entry;
import io.keepset.drivers.engine.postgresql.physical.UstarScanner.MalformedTar;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Unpacks a base backup into an empty directory; nothing gets out of it. */
public final class Unpacking implements UstarScanner.Listener {
  private final Path directory;
  private @Nullable OutputStream file;

  private Unpacking(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  /**
   * @throws IOException the directory's, the artifact's, or about an archive that is not whole
   */
  public static void unpack(InputStream artifact, Path directory) throws IOException {
    Unpacking unpacking = new Unpacking(directory);
    UstarScanner scanner = new UstarScanner(unpacking);
    byte[] buffer = new byte[1 << 16];
    try {
      for (int n = artifact.read(buffer); n >= 0; n = artifact.read(buffer)) {
        scanner.take(buffer, 0, n);
      }
    } finally {
      unpacking.close();
    }
    if (!scanner.ended()) {
      throw new MalformedTar("it ends in the middle");
    }
  }

  @Override
  public void begin(Entry entry) throws IOException {
    Path path = directory.resolve(entry.name()).normalize();
    if (!path.startsWith(directory) || Files.isSymbolicLink(path)) {
      throw new MalformedTar("an entry leads out of it: " + entry.name());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    } else if (entry.isFile()) {
      Files.createDirectories(path.getParent());
      file = Files.newOutputStream(path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    } else {
      throw new MalformedTar(
          "it holds something that is neither file nor directory: " + entry.name());
    }
  }

  @Override
  public void data(byte[] bytes, int offset, int length) throws IOException {
    if (file != null) {
      file.write(bytes, offset, length);
    }
  }

  @Override
  public void end() throws IOException {
    close();
  }

  private void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
