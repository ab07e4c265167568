package io.keepset.drivers.engine.elasticsearch;

import io.keepset.spi.DriverException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Repositories of runs that were killed: each is a whole copy of the data in the directory that the
 * cluster and we share, and nobody else clears it. That nothing was written to it for a day does
 * not prove that nobody reads it, so they are told and not deleted.
 */
final class DeadRuns {
  private static final Duration LONG = Duration.ofDays(1);

  private DeadRuns() {}

  /** What there is of it, for people. */
  static List<String> found(Cluster cluster, Place common, Instant now) throws DriverException {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(common.local())) {
      for (Path directory : all) {
        String name = directory.getFileName().toString();
        if (Repository.ours(name) && newest(directory).plus(LONG).isBefore(now)) {
          boolean registered = cluster.find("_snapshot/" + name).isPresent();
          found.add(
              directory
                  + " holds a copy of the data that a run left which was killed, last written "
                  + newest(directory)
                  + "; unless a restore from it is under way now: "
                  + (registered ? "DELETE _snapshot/" + name + " and " : "")
                  + "rm -r "
                  + directory);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      found.add(common.local() + " could not be looked through: " + e.getMessage());
    }
    found.sort(null);
    return found;
  }

  private static Instant newest(Path directory) throws IOException {
    Instant[] newest = {Instant.EPOCH};
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return visitFile(path, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            Instant written = attributes.lastModifiedTime().toInstant();
            newest[0] = written.isAfter(newest[0]) ? written : newest[0];
            return FileVisitResult.CONTINUE;
          }

          /** It went meanwhile, or is the server's alone. */
          @Override
          public FileVisitResult visitFileFailed(Path path, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path path, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    return newest[0];
  }
}
