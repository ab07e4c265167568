package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.engine.postgresql.physical.Unpacking;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Restores a base backup: into a new data directory, never over a server. Who wants to see it
 * starts a server on it.
 */
final class BaseBackupRestore {
  private BaseBackupRestore() {}

  /**
   * Whether it may go there, before a byte is written.
   *
   * @throws DriverException REJECTED with what stands in the way
   */
  static Path check(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    if (request.mode() != RestoreRequest.Mode.NEW) {
      throw new DriverException(
          Kind.REJECTED,
          "this is a base backup of a whole server; it is restored into a new data directory:"
              + " keepset backup restore ID --to-new /path/of/it");
    }
    String name =
        request
            .newName()
            .orElseThrow(
                () ->
                    new DriverException(
                        Kind.REJECTED,
                        "this is a base backup of a whole server; say where its data directory is"
                            + " to be made: --to-new /path/of/it"));
    Path directory = Path.of(name);
    if (!directory.isAbsolute()) {
      throw new DriverException(
          Kind.REJECTED, name + " is not an absolute path; say where the data directory is to be");
    }
    if (Files.isSymbolicLink(directory)
        || (Files.exists(directory) && !Files.isDirectory(directory))) {
      throw new DriverException(Kind.REJECTED, directory + " is there and is not a directory");
    }
    if (Files.isDirectory(directory)) {
      try (Stream<Path> entries = Files.list(directory)) {
        if (entries.findAny().isPresent()) {
          throw new DriverException(
              Kind.REJECTED, directory + " is not empty; name a directory that is, or a new one");
        }
      } catch (IOException e) {
        throw new DriverException(Kind.DENIED, "can't look into " + directory + ": " + e, e);
      }
    }
    Path parent = directory.getParent();
    if (!Files.exists(directory) && (parent == null || !Files.isWritable(parent))) {
      throw new DriverException(
          Kind.DENIED, directory + " can't be made: " + parent + " is not there or not writable");
    }
    return directory;
  }

  static RestoreReport run(
      InputStream artifact, ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    Path directory = check(facts, target, request);
    boolean made = make(directory);
    Unpacking unpacking = new Unpacking(directory);
    try {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      unpacking.unpack(artifact);
      // A copy that archives would push its own log among that of the original.
      append(directory, "\n# Written by keepset when it restored this copy.\narchive_mode = off\n");
    } catch (IOException e) {
      throw undone(
          BrokenStream.unwrap(e, "unpacking into " + directory), unpacking, directory, made);
    } catch (RuntimeException e) {
      throw undone(
          new DriverException(
              Kind.TRANSIENT, "unpacking into " + directory + " broke off: " + e, e),
          unpacking,
          directory,
          made);
    }
    List<String> notes = new ArrayList<>();
    String major = facts.values().getOrDefault("server_version", "?");
    notes.add(
        "start it with PostgreSQL "
            + major
            + " as the user that owns it: chown -R postgres "
            + directory
            + " && /usr/lib/postgresql/"
            + major
            + "/bin/pg_ctl -D "
            + directory
            + " start");
    notes.add(
        "archive_mode is off in it; postgresql.conf and pg_hba.conf are the original's only if they"
            + " lay in its data directory (on Debian they lie in /etc/postgresql)");
    return new RestoreReport("data directory " + directory, notes);
  }

  static void append(Path directory, String settings) throws IOException {
    Files.writeString(
        directory.resolve("postgresql.auto.conf"),
        settings,
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Returns whether it was not there before. */
  private static boolean make(Path directory) throws DriverException {
    try {
      Files.createDirectory(directory);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new DriverException(Kind.DENIED, directory + " can't be made: " + e, e);
    }
  }

  private static DriverException undone(
      DriverException why, Unpacking unpacking, Path directory, boolean made) {
    String end = "; what was unpacked into " + directory + " is removed again";
    try {
      unpacking.undo();
      if (made) {
        Files.deleteIfExists(directory);
      }
    } catch (IOException | RuntimeException e) {
      end =
          "; what was unpacked into " + directory + " can't be removed (" + e + "): do it by hand";
    }
    return new DriverException(why.kind(), why.getMessage() + end, why);
  }
}
