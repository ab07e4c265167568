package io.keepset.drivers.tool;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
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
 * Temporary directories under names that tell whose they are: the process id and when that process
 * began, as ids are used again. A process that was killed leaves its directories; the next one of
 * the same user to make one of that kind removes them.
 */
public final class OwnedDirectory {
  private static final Pattern OWNER = Pattern.compile("(\\d{1,18})-(\\d{1,18})-\\d+");

  private OwnedDirectory() {}

  /**
   * A new one, 0700, after a sweep.
   *
   * @param prefix of the names of this kind: {@code keepset-login-}
   */
  public static Path make(Path parent, String prefix) throws IOException {
    long own = ProcessHandle.current().pid();
    Path made =
        Files.createTempDirectory(
            parent,
            prefix + own + "-" + began(own).orElse("0") + "-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    sweep(parent, prefix, made);
    return made;
  }

  /** Deletes it with all that is in it, never through a link. Gone already is fine. */
  public static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : entries(path)) {
        delete(entry);
      }
    }
    Files.deleteIfExists(path);
  }

  private static List<Path> entries(Path directory) throws IOException {
    try {
      return list(directory);
    } catch (AccessDeniedException e) {
      // Ours all the same: it was made so, or came so out of a backup.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      return list(directory);
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (var all = Files.list(directory)) {
      return all.toList();
    }
  }

  private static void sweep(Path parent, String prefix, Path made) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, prefix + "*")) {
      for (Path directory : all) {
        if (ownerless(directory.getFileName().toString().substring(prefix.length()))) {
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

  private static boolean ownerless(String rest) {
    Matcher owner = OWNER.matcher(rest);
    if (!owner.matches()) {
      return false;
    }
    long pid = Long.parseLong(owner.group(1));
    if (ProcessHandle.of(pid).isEmpty()) {
      return true;
    }
    Optional<String> began = began(pid);
    return began.isPresent() && !owner.group(2).equals("0") && !began.get().equals(owner.group(2));
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
