package io.keepset.drivers.engine.rabbitmq;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The definitions as they were before a restore, in files that outlive it: a process that is killed
 * can put nothing back. Each is for nobody's eyes but ours, as it holds hashes of passwords, and
 * goes once the restore is done or undone.
 */
final class Former {
  private static final String PREFIX = "rabbitmq-before-";

  private final Path directory;

  /**
   * @param data the data directory of the installation; the machine's for temporary files without
   *     one
   */
  Former(Optional<Path> data) {
    this.directory =
        data.orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"), "keepset"))
            .resolve("restores");
  }

  /** Writes down what a broker exports now, through to the disk. */
  Path keep(Broker broker, String stamp) throws DriverException {
    try (InputStream export = broker.export()) {
      Files.createDirectories(directory, only("rwx------"));
      // Never the name of another: that may be all that is left of an earlier state.
      Path file = directory.resolve(prefix(broker) + stamp + "-" + UUID.randomUUID() + ".json");
      // One that was being written when its process was killed is no file of definitions.
      Path part = directory.resolve(prefix(broker) + "part");
      try (FileChannel channel =
          FileChannel.open(
              part,
              Set.of(
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE),
              only("rw-------"))) {
        OutputStream out = Channels.newOutputStream(channel);
        DefinitionsCopy.write(export, out);
        channel.force(true);
      }
      return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (BrokenStream e) {
      throw e.failure();
    } catch (IOException e) {
      throw new DriverException(
          Kind.TRANSIENT,
          "nothing was touched: the definitions as they are now could not be kept in "
              + directory
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static FileAttribute<?> only(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  private static String prefix(Broker broker) {
    String of = broker.where() + broker.vhost().map(name -> "-vhost-" + name).orElse("");
    return PREFIX + of.replaceAll("[^A-Za-z0-9.-]", "_") + "-at-";
  }

  /** Once nothing can need it any more. */
  static void forget(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It is told as left over the next time.
    }
  }

  /** How to come back to what is in a file, for people. */
  static String way(Path file) {
    return "the former definitions, with hashes of passwords, are in "
        + file
        + ": import them by hand if they are wanted (rabbitmqctl import_definitions, or the"
        + " management page), and delete the file";
  }

  /** What restores of this broker left that were killed, for people. */
  List<String> left(Broker broker) {
    List<String> found = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return found;
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, prefix(broker) + "*.json")) {
      for (Path file : files) {
        found.add(
            "unless a restore over "
                + broker.describe()
                + " is under way now, one broke off; "
                + way(file));
      }
    } catch (IOException e) {
      found.add(directory + " could not be read: " + e.getMessage());
    }
    found.sort(null);
    return found;
  }
}
