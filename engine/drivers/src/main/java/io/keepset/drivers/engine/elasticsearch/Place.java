package io.keepset.drivers.engine.elasticsearch;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory that the cluster and we both see.
 *
 * @param server as its nodes call it, below their {@code path.repo}
 * @param local as we call it
 */
record Place(String server, Path local) {
  static Place of(Source source) throws DriverException {
    String server =
        source
            .options()
            .get("repository.path")
            .orElseThrow(
                () ->
                    Failures.rejected(
                        "options.repository.path is missing: a directory in the cluster's path.repo"
                            + " that this machine sees too"));
    Path local = Path.of(source.options().get("repository.local_path", server));
    if (!Files.isDirectory(local) || !Files.isReadable(local)) {
      throw new DriverException(
          Kind.REJECTED,
          "there is no directory "
              + local
              + " here that user "
              + System.getProperty("user.name")
              + " may read; mount what the cluster's nodes write to, or name it in"
              + " options.repository.local_path");
    }
    return new Place(server, local);
  }

  /** One run's own repository. */
  Place below(String run) {
    return new Place(server.replaceFirst("/+$", "") + "/" + run, local.resolve(run));
  }

  /** All files, in an order in which a reader learns first what must be there. */
  List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(local)) {
      return all.filter(Files::isRegularFile)
          .sorted(
              java.util.Comparator.comparing((Path f) -> f.getNameCount()).thenComparing(f -> f))
          .toList();
    }
  }

  /** Deletes it with all that is in it. */
  void delete() throws IOException {
    if (!Files.exists(local)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> found = Files.walk(local)) {
      all = found.sorted(java.util.Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }
}
