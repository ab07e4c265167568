package io.keepset.app.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where on this machine a request may have a restore written. Commands of this machine may choose
 * any place: whoever can read the data directory could write there himself. Others may choose below
 * one directory, if there is one.
 *
 * @param below empty if there is none
 */
record RestorePlaces(Optional<Path> below) {
  /**
   * The directory that a request names.
   *
   * @throws Problem if it is none, or not one for this caller
   */
  Path choose(String text, HttpServletRequest request) {
    Path directory = directory(text);
    if (TokenFilter.isCommand(request)) {
      return directory;
    }
    Path root =
        below.orElseThrow(
            () ->
                Problem.refused(
                    "this server restores into directories for commands of its own machine only;"
                        + " keepset serve --restore-below DIR lets requests choose one below DIR"));
    if (!isBelow(directory, root)) {
      throw Problem.refused(
          "this server restores only into directories below " + root + ", not into " + directory);
    }
    return directory;
  }

  private static Path directory(String text) {
    Path directory;
    try {
      directory = Path.of(text);
    } catch (InvalidPathException e) {
      throw Problem.badRequest("directory is no path: " + e.getReason());
    }
    if (!directory.isAbsolute() || !directory.equals(directory.normalize())) {
      throw Problem.badRequest("directory must be an absolute path without . and .., was " + text);
    }
    return directory;
  }

  /** Links that lead elsewhere are followed first. */
  private static boolean isBelow(Path directory, Path root) {
    try {
      Path place = root.toRealPath();
      Path there = directory;
      while (there != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
        there = there.getParent();
      }
      boolean below = directory.startsWith(root) || directory.startsWith(place);
      return below
          && there != null
          && there.toRealPath().startsWith(place)
          && !there.toRealPath().resolve(there.relativize(directory)).equals(place);
    } catch (IOException e) {
      return false;
    }
  }
}
