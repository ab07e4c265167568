package io.keepset.drivers.tool;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where {@link SecretFiles} lie, under a name that tells whose they are: the process id and when
 * that process began, as ids are used again. A process that was killed leaves its directory; the
 * next one of the same user to make one removes it.
 */
final class LoginDirectory {
  private static final String PREFIX = "keepset-login-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d{1,18})-(\\d{1,18})-\\d+");

  private LoginDirectory() {}

  /** A new one, 0700, after a sweep. */
  static Path make(Path parent) throws IOException {
    long own = ProcessHandle.current().pid();
    Path made =
        Files.createTempDirectory(
            parent,
            PREFIX + own + "-" + began(own).orElse("0") + "-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    sweep(parent, made);
    return made;
  }

  static void delete(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Files.deleteIfExists(directory);
  }

  private static void sweep(Path parent, Path made) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path directory : all) {
        if (ownerless(directory)) {
          remove(directory, made);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // The next one tries again; this one is made.
    }
  }

  private static void remove(Path directory, Path made) {
    try {
      if (sameUser(directory, made)) {
        delete(directory);
      }
    } catch (IOException e) {
      // Another process sweeps it too, or it can't go; that must not keep the others.
    }
  }

  private static boolean ownerless(Path directory) {
    Matcher name = NAME.matcher(directory.getFileName().toString());
    if (!name.matches()) {
      return false;
    }
    long pid = Long.parseLong(name.group(1));
    if (ProcessHandle.of(pid).isEmpty()) {
      return true;
    }
    Optional<String> began = began(pid);
    return began.isPresent() && !name.group(2).equals("0") && !began.get().equals(name.group(2));
  }

  private static boolean sameUser(Path directory, Path made) throws IOException {
    return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(made));
  }

  /**
   * When a process began. On Linux in ticks since the machine's start: the JDK's answer is a time
   * of day, and moves when the clock is set.
   */
  private static Optional<String> began(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
      // Behind the program's name, which may hold anything: field 3 and on; the start is 22.
      return Optional.of(
          List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)).get(22 - 3));
    } catch (IOException e) {
      return ProcessHandle.of(pid)
          .flatMap(handle -> handle.info().startInstant())
          .map(start -> String.valueOf(start.toEpochMilli()));
    }
  }
}
