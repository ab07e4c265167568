package io.keepset.drivers.engine.scylla;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of a snapshot on one node, as they lie in its data directories. */
final class SnapshotFiles {
  /** Written beside the tables' own files; what they say is in the artifact already. */
  private static final Set<String> BESIDE = Set.of("manifest.json", "schema.cql");

  private static final Pattern LISTED = Pattern.compile("\"([^\"/]+-Data\\.db)\"");

  /**
   * One file.
   *
   * @param entry its name in the artifact
   */
  record Item(String entry, Path path, long size) {}

  private final Place place;
  private final String keyspace;
  private final String tag;

  SnapshotFiles(Place place, String keyspace, String tag) {
    this.place = place;
    this.keyspace = keyspace;
    this.tag = tag;
  }

  /**
   * Of all tables, in a stable order. Every table must have its directory: also an empty one does.
   *
   * @param tables names, and names of directories
   */
  List<Item> of(Place.Node node, SortedMap<String, String> tables) throws DriverException {
    List<Item> items = new ArrayList<>();
    for (Map.Entry<String, String> table : tables.entrySet()) {
      boolean found = false;
      for (Path data : node.data()) {
        Path directory =
            data.resolve(keyspace).resolve(table.getValue()).resolve("snapshots").resolve(tag);
        if (Files.isDirectory(directory)) {
          found = true;
          items.addAll(in(directory, "nodes/" + node.name() + "/" + table.getKey() + "/"));
        }
      }
      if (!found) {
        throw new DriverException(
            Kind.REJECTED,
            "the snapshot of table "
                + table.getKey()
                + " of node "
                + node.name()
                + " is not in "
                + node.data()
                + "; check that data names all data directories of this node, as this machine"
                + " sees them");
      }
    }
    return items;
  }

  private List<Item> in(Path directory, String prefix) throws DriverException {
    List<Item> items = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        // Directories hold secondary indexes, which are built anew when files are taken in.
        if (!BESIDE.contains(name) && Files.isRegularFile(file)) {
          items.add(new Item(prefix + name, file, Files.size(file)));
          names.add(name);
        }
      }
      requireListed(directory, names);
    } catch (DirectoryIteratorException e) {
      throw Failures.explain("reading the snapshot", e, place);
    } catch (IOException e) {
      throw Failures.explain("reading the snapshot", e, place);
    }
    items.sort(Comparator.comparing(Item::entry));
    return items;
  }

  private static void requireListed(Path directory, Set<String> names)
      throws IOException, DriverException {
    Path manifest = directory.resolve("manifest.json");
    if (!Files.exists(manifest)) {
      return;
    }
    Matcher listed = LISTED.matcher(Files.readString(manifest));
    while (listed.find()) {
      if (!names.contains(listed.group(1))) {
        throw new DriverException(
            Kind.DAMAGED,
            "the snapshot lists " + listed.group(1) + ", which is not in " + directory);
      }
    }
  }
}
