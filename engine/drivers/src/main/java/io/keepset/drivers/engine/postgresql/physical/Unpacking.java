package io.keepset.drivers.engine.postgresql.physical;

import io.keepset.drivers.engine.postgresql.physical.UstarScanner.Entry;
import io.keepset.drivers.engine.postgresql.physical.UstarScanner.MalformedTar;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a base backup into an empty directory; nothing gets out of it, and nothing is written
 * over that somebody else has put there meanwhile.
 */
public final class Unpacking implements UstarScanner.Listener {
  private final Path directory;

  /** Entries of the directory itself that came out of the archive. */
  private final Set<Path> made = new LinkedHashSet<>();

  private @Nullable OutputStream file;

  public Unpacking(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  /**
   * @throws IOException the directory's, the artifact's, or about an archive that is not whole
   */
  public void unpack(InputStream artifact) throws IOException {
    UstarScanner scanner = new UstarScanner(this);
    byte[] buffer = new byte[1 << 16];
    try {
      for (int n = artifact.read(buffer); n >= 0; n = artifact.read(buffer)) {
        scanner.take(buffer, 0, n);
      }
    } finally {
      close();
    }
    if (!scanner.ended()) {
      throw new MalformedTar("it ends in the middle");
    }
  }

  /** Removes what came out of the archive, and nothing else. */
  public void undo() throws IOException {
    for (Path each : made) {
      if (Files.exists(each, LinkOption.NOFOLLOW_LINKS)) {
        try (Stream<Path> all = Files.walk(each)) {
          for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
            Files.deleteIfExists(path);
          }
        }
      }
    }
  }

  @Override
  public void begin(Entry entry) throws IOException {
    Path path = directory.resolve(entry.name()).normalize();
    if (!path.startsWith(directory) || Files.isSymbolicLink(path)) {
      throw new MalformedTar("an entry leads out of it: " + entry.name());
    }
    claim(path);
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

  private void claim(Path path) throws FileAlreadyExistsException {
    if (path.equals(directory)) {
      return;
    }
    Path top = directory.resolve(directory.relativize(path).getName(0));
    if (!made.contains(top) && Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(top + " is there by now: somebody else works there");
    }
    made.add(top);
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
