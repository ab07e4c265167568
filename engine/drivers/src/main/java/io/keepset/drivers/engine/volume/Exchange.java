package io.keepset.drivers.engine.volume;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The entries of a directory and those of another inside it change places: all out, all in. A
 * rename that fails takes back those before it.
 *
 * @param directory whose entries go
 * @param incoming whose entries come
 * @param before where those that go are kept, made here; empty if none go, because there are none
 * @param moves the renames
 */
record Exchange(Path directory, Path incoming, Optional<Path> before, Moves moves) {
  /** A rename that does not overwrite. */
  @FunctionalInterface
  interface Moves {
    void move(Path from, Path to) throws IOException;
  }

  /** Neither done nor taken back. */
  static final class Stuck extends IOException {
    @Serial private static final long serialVersionUID = 1;

    Stuck(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private record Moved(Path from, Path to) {}

  /**
   * @throws Stuck if it failed, and what was moved could not be moved back
   * @throws IOException if it failed, and all is as it was
   */
  void run() throws IOException {
    if (before.isPresent()) {
      Files.createDirectory(before.get());
    }
    List<Moved> done = new ArrayList<>();
    try {
      if (before.isPresent()) {
        for (Path entry : Volume.entries(directory)) {
          if (!Tar.ours(entry)) {
            move(entry, before.get().resolve(entry.getFileName()), done);
          }
        }
      }
      for (Path entry : Volume.entries(incoming)) {
        move(entry, directory.resolve(entry.getFileName()), done);
      }
    } catch (IOException | RuntimeException e) {
      takeBack(done, e);
      throw e;
    }
  }

  private void move(Path from, Path to, List<Moved> done) throws IOException {
    moves.move(from, to);
    done.add(new Moved(from, to));
  }

  /** As many as can be, even past one that can't. */
  private void takeBack(List<Moved> done, Exception reason) throws Stuck {
    List<IOException> failures = new ArrayList<>();
    for (int i = done.size() - 1; i >= 0; i--) {
      try {
        moves.move(done.get(i).to(), done.get(i).from());
      } catch (IOException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      Stuck stuck =
          new Stuck(
              "restoring into "
                  + directory
                  + " failed half way ("
                  + reason
                  + "), and putting back what was there failed too ("
                  + failures.get(0)
                  + "): "
                  + before
                      .map(
                          kept ->
                              "what was there lies in "
                                  + kept
                                  + " as far as it is not back in "
                                  + directory
                                  + ", ")
                      .orElse("")
                  + "what was restored lies in "
                  + incoming
                  + " or already in place; mend the cause, then move the entries by hand",
              reason);
      failures.forEach(stuck::addSuppressed);
      throw stuck;
    }
    try {
      if (before.isPresent()) {
        Files.deleteIfExists(before.get());
      }
    } catch (IOException e) {
      reason.addSuppressed(e); // An empty directory of ours stays.
    }
  }
}
