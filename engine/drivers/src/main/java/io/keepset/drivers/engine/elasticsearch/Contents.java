package io.keepset.drivers.engine.elasticsearch;

import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A repository's own list of what is in it: the file {@code index-N} (Elasticsearch, {@code
 * RepositoryData}).
 */
record Contents(MapNode list) {
  private static final Pattern FILE = Pattern.compile("index-[0-9]+");

  static boolean isFile(String name) {
    return FILE.matcher(name).matches();
  }

  /** Of a repository in a directory that was checked before. */
  static Contents in(Path directory) throws DriverException {
    try (Stream<Path> files = Files.list(directory)) {
      Path file =
          files
              .filter(path -> isFile(path.getFileName().toString()))
              .findFirst()
              .orElseThrow(() -> new IOException("there is no index-N in it"));
      return new Contents(
          JsonText.read(new SourceFile(file.toString(), Files.readAllBytes(file)))
              .valid()
              .map(Cluster::map)
              .orElseThrow(() -> new IOException(file.getFileName() + " is no JSON")));
    } catch (IOException e) {
      throw new DriverException(
          Kind.DAMAGED, "the unpacked backup can't be read: " + e.getMessage(), e);
    }
  }

  List<MapNode> snapshots() {
    return list.maps("snapshots");
  }

  /** The one of a backup. */
  MapNode snapshot() {
    return snapshots().get(0);
  }

  /** By name, as the list describes them. */
  List<MapNode.Entry> indices() {
    return list.map("indices").map(MapNode::entries).orElse(List.of());
  }

  /** The file that holds mapping, settings and aliases of an index. */
  String metadataOf(MapNode index) {
    String id = index.text("id").orElse("");
    String metadata =
        snapshot()
            .map("index_metadata_lookup")
            .flatMap(lookup -> lookup.text(id))
            .flatMap(
                key ->
                    list.map("index_metadata_identifiers")
                        .flatMap(identifiers -> identifiers.text(key)))
            .orElse(snapshot().text("uuid").orElse(""));
    return "indices/" + id + "/meta-" + metadata + ".dat";
  }

  /** The same of an index by its name; empty if it is not in the repository. */
  Optional<String> metadataOf(String name) {
    return list.map("indices").flatMap(all -> all.map(name)).map(this::metadataOf);
  }
}
