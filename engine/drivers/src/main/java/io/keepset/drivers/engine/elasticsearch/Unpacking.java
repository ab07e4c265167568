package io.keepset.drivers.engine.elasticsearch;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Makes files of a repository out of an artifact. */
final class Unpacking {
  private Unpacking() {}

  /**
   * Reads the artifact to its end.
   *
   * @throws DriverException if it can't be read, or the files can't be written
   */
  static void into(Path directory, InputStream artifact) throws DriverException {
    try (GZIPInputStream unpacked = new GZIPInputStream(artifact, 64 * 1024);
        TarArchiveInputStream tar = new TarArchiveInputStream(unpacked, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String name = RepositoryCheck.name(entry);
        if (entry.isFile() && RepositoryCheck.known(name) && !name.equals(RepositoryCheck.OURS)) {
          Path file = directory.resolve(name);
          Files.createDirectories(file.getParent());
          Files.copy(tar, file);
        }
      }
      // The checksum is behind the end mark.
      unpacked.transferTo(OutputStream.nullOutputStream());
    } catch (BrokenStream e) {
      throw e.failure();
    } catch (FileSystemException e) {
      throw new DriverException(
          Kind.TRANSIENT, "writing to " + directory + " failed: " + e.getMessage(), e);
    } catch (IOException e) {
      throw BrokenStream.unreadable(e);
    }
  }
}
