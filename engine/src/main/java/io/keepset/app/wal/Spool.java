package io.keepset.app.wal;

import io.keepset.spi.wal.SegmentName;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where received log lies until it is in a store: {@code wal/DATABASE/CLUSTER/} in the data
 * directory, for nobody else to read.
 */
final class Spool {
  private static final String PARTIAL = ".partial";

  private final Path root;

  Spool(Path data) {
    this.root = data.resolve("wal");
  }

  /** Of one cluster; made if it is not there. */
  Path directory(String database, String systemId) throws IOException {
    return make(root.resolve(database).resolve(systemId));
  }

  /** Of one database: for what belongs to none of its clusters. */
  Path of(String database) throws IOException {
    return make(root.resolve(database));
  }

  Path temporary(String database) throws IOException {
    return Files.createTempFile(of(database), "taken", "");
  }

  private static Path make(Path directory) throws IOException {
    return Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Finished segments and histories, in the order of the log. */
  static List<Path> finished(Path directory) throws IOException {
    return list(
        directory, name -> SegmentName.parse(name).isPresent() || SegmentName.isHistory(name));
  }

  /** The segment that is being written last, before it those that timelines ended in. */
  static List<Path> open(Path directory) throws IOException {
    return list(
        directory,
        name -> name.endsWith(PARTIAL) && SegmentName.parse(segment(Path.of(name))).isPresent());
  }

  /** Name of the segment that an open file is to become. */
  static String segment(Path open) {
    String name = open.getFileName().toString();
    return name.endsWith(PARTIAL) ? name.substring(0, name.length() - PARTIAL.length()) : name;
  }

  private static List<Path> list(Path directory, java.util.function.Predicate<String> good)
      throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.filter(file -> good.test(file.getFileName().toString())).forEach(found::add);
    }
    found.sort(java.util.Comparator.comparing(Path::getFileName));
    return found;
  }

  /**
   * Makes a receiver go on behind a segment that is archived: it looks at names and sizes only, so
   * an empty file of the right size stands for it.
   */
  static void goOnBehind(Path directory, String segment, int size) throws IOException {
    Path file = directory.resolve(segment);
    if (!Files.exists(file)) {
      try (RandomAccessFile placeholder = new RandomAccessFile(file.toFile(), "rw")) {
        placeholder.setLength(size);
      }
    }
  }

  static void remove(@Nullable Path file) {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // It is in nobody's way; the next start of a receiver removes it.
      }
    }
  }
}
