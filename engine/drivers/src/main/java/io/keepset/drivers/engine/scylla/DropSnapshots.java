package io.keepset.drivers.engine.scylla;

import io.keepset.spi.DriverException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Snapshots that nodes make by themselves of what is dropped, unless {@code auto_snapshot} is off:
 * they hold the disk space of all that was there, and nobody asked for them. Those of other drops
 * are left alone.
 */
final class DropSnapshots {
  /** As Cassandra calls them; Scylla; Scylla before 2025. */
  private static final Pattern MADE_BY_DROP =
      Pattern.compile("dropped-\\d+-\\w+|pre-drop-\\d+|\\d{13,}-\\w+");

  private final Place place;
  private final String keyspace;
  private final SortedSet<String> before;

  private DropSnapshots(Place place, String keyspace) {
    this.place = place;
    this.keyspace = keyspace;
    this.before = of(place.nodes());
  }

  /** To be called before something is dropped. */
  static DropSnapshots watch(Place place, String keyspace) {
    return new DropSnapshots(place, keyspace);
  }

  /** Clears those that came since; tells of those that would not go. */
  List<String> clear() {
    List<String> stayed = new ArrayList<>();
    for (Place.Node node : place.nodes()) {
      SortedSet<String> tags = of(List.of(node));
      tags.removeAll(before);
      if (!tags.isEmpty()) {
        clear(node, tags, stayed);
      }
    }
    return stayed;
  }

  private void clear(Place.Node node, SortedSet<String> tags, List<String> stayed) {
    try (NodeControl control = NodeControl.open(place, node)) {
      for (String tag : tags) {
        control.clear(tag, keyspace);
      }
    } catch (DriverException e) {
      stayed.add(
          "node "
              + node.name()
              + " made snapshots of what was dropped, and they stay and keep disk space: nodetool"
              + " clearsnapshot -t TAG -- "
              + keyspace
              + " for each of "
              + String.join(", ", tags)
              + " ("
              + e.getMessage()
              + ")");
    }
  }

  private SortedSet<String> of(List<Place.Node> nodes) {
    SortedSet<String> tags = new TreeSet<>();
    for (Place.Node node : nodes) {
      for (Path data : node.data()) {
        for (Path table : in(data.resolve(keyspace))) {
          for (Path snapshot : in(table.resolve("snapshots"))) {
            tags.add(snapshot.getFileName().toString());
          }
        }
      }
    }
    tags.removeIf(tag -> !MADE_BY_DROP.matcher(tag).matches());
    return tags;
  }

  private static List<Path> in(Path directory) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
        all.forEach(found::add);
      } catch (IOException | DirectoryIteratorException e) {
        // It went meanwhile, and what was in it.
      }
    }
    return found;
  }
}
