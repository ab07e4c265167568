package io.keepset.drivers.engine.volume;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Source;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Directories as this engine sees them. */
final class Volume {
  private Volume() {}

  static Path directory(Source source) throws DriverException {
    String path =
        source
            .connection()
            .get("path")
            .orElseThrow(
                () ->
                    new DriverException(
                        Kind.REJECTED, "database " + source.database() + " has no path"));
    Path directory = Path.of(path).normalize();
    if (!directory.isAbsolute()) {
      throw new DriverException(
          Kind.REJECTED, "the path " + path + " is not absolute; begin it with /");
    }
    return directory;
  }

  /** Where a path leads as far as it exists now; what does not exist yet stays as written. */
  static Path real(Path path) {
    Path exists = path.toAbsolutePath();
    while (exists.getParent() != null && !Files.exists(exists)) {
      exists = exists.getParent();
    }
    try {
      return exists.toRealPath().resolve(exists.relativize(path)).normalize();
    } catch (IOException e) {
      return path.normalize();
    }
  }

  static void requireReadable(Path directory) throws DriverException {
    if (!Files.exists(directory)) {
      throw new DriverException(
          Kind.NOT_FOUND, "there is no directory " + directory + "; check connection.path");
    }
    if (!Files.isDirectory(directory)) {
      throw new DriverException(
          Kind.REJECTED, directory + " is not a directory; name the directory that holds it");
    }
    if (!Files.isReadable(directory) || !Files.isExecutable(directory)) {
      throw new DriverException(
          Kind.DENIED,
          "user "
              + System.getProperty("user.name")
              + " may not read "
              + directory
              + "; give it read and search permission");
    }
  }

  static boolean empty(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    }
  }

  static List<Path> entries(Path directory) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(all::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return all;
  }

  /** Deletes a tree, never through a link. */
  static void delete(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
