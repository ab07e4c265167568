package io.keepset.drivers.scratch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the programs of servers are: on PATH, or where only root's PATH leads. */
public final class Programs {
  private static final List<String> USUAL =
      List.of("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin", "/sbin");

  private Programs() {}

  /** The first of these names that can be executed. */
  public static Optional<Path> find(String... names) {
    return find(List.of(), names);
  }

  /**
   * @param first directories to look into before all others
   */
  public static Optional<Path> find(List<Path> first, String... names) {
    List<Path> directories = new ArrayList<>(first);
    for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        directories.add(Path.of(entry));
      }
    }
    USUAL.forEach(usual -> directories.add(Path.of(usual)));
    for (String name : names) {
      for (Path directory : directories) {
        Path program = directory.resolve(name);
        if (Files.isExecutable(program)) {
          return Optional.of(program);
        }
      }
    }
    return Optional.empty();
  }
}
