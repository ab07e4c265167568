package io.keepset.drivers.engine.scylla;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Files of tables that lie beside the data of each node until it takes them in: in a directory next
 * to its first data directory, so that taking in is a rename. It goes with {@link #close}.
 */
final class Staging implements AutoCloseable {
  private record Part(Place.Node node, String table, Path directory) {}

  private final Place place;
  private final String keyspace;
  private final String name;
  private final SortedMap<String, Part> parts = new TreeMap<>();
  private final SortedSet<Path> roots = new TreeSet<>();
  private boolean kept;

  /** A file could not be written here, which says nothing about the artifact. */
  static final class Full extends IOException {
    @Serial private static final long serialVersionUID = 1;

    Full(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  Staging(Place place, String keyspace, String name) {
    this.place = place;
    this.keyspace = keyspace;
    this.name = "keepset-" + name;
  }

  /** Writes what is unpacked. */
  SnapshotReader.Taker taker(Map<String, Place.Node> nodes) {
    return (header, from, table, file) -> {
      Place.Node node = nodes.get(from);
      if (node == null) {
        throw new MalformedSnapshot("it holds files of a node that it does not name: " + from);
      }
      try {
        Path target = directory(node, table).resolve(file);
        OutputStream out = Files.newOutputStream(target);
        give(node, target);
        return out;
      } catch (IOException e) {
        throw new Full(e);
      }
    };
  }

  /** The same files as those of a snapshot, under names here. */
  void link(List<SnapshotFiles.Item> files) throws DriverException {
    try {
      for (SnapshotFiles.Item item : files) {
        String[] path = item.entry().split("/", -1);
        Place.Node node =
            place.nodes().stream()
                .filter(one -> one.name().equals(path[1]))
                .findFirst()
                .orElseThrow();
        Path target = directory(node, path[2]).resolve(path[3]);
        try {
          Files.createLink(target, item.path());
        } catch (UnsupportedOperationException | IOException e) {
          Files.copy(item.path(), target);
          give(node, target);
        }
      }
    } catch (IOException e) {
      throw Failures.explain("keeping what is there", e, place);
    }
  }

  private Path directory(Place.Node node, String table) throws IOException {
    Part part = parts.get(node.name() + "/" + table);
    if (part != null) {
      return part.directory();
    }
    Path data = node.data().get(0).toAbsolutePath();
    Path root = data.resolveSibling(name + "-" + node.name());
    Path directory = root.resolve(keyspace).resolve(table);
    roots.add(root);
    Files.createDirectories(directory);
    for (Path made : List.of(root, root.resolve(keyspace), directory)) {
      give(node, made);
    }
    parts.put(node.name() + "/" + table, new Part(node, table, directory));
    return directory;
  }

  /** The node has to be able to move it. */
  private static void give(Place.Node node, Path path) throws IOException {
    if ("root".equals(System.getProperty("user.name"))) {
      UserPrincipal owner = Files.getOwner(node.data().get(0));
      Files.setOwner(path, owner);
    }
  }

  /**
   * Has every node take in its files.
   *
   * @param tables of the keyspace, and names of their directories
   */
  void load(SortedMap<String, String> tables) throws DriverException {
    for (Part part : parts.values()) {
      String directory = tables.getOrDefault(part.table(), part.table());
      try (NodeControl control = NodeControl.open(place, part.node())) {
        Path incoming = control.incoming(part.directory(), keyspace, directory);
        move(part.directory(), incoming);
        control.load(keyspace, part.table(), incoming);
        requireTaken(part, incoming);
      } catch (IOException e) {
        throw Failures.explain("handing over " + part.table(), e, place);
      }
    }
  }

  /** A node may say that all is well and have taken nothing. */
  private static void requireTaken(Part part, Path incoming) throws IOException, DriverException {
    try (Stream<Path> files = Files.list(incoming)) {
      Optional<Path> left = files.filter(file -> file.toString().endsWith("-Data.db")).findFirst();
      if (left.isPresent()) {
        throw new DriverException(
            Kind.REJECTED,
            "node "
                + part.node().name()
                + " did not take in "
                + left.get().getFileName()
                + " of table "
                + part.table()
                + "; does it see "
                + incoming
                + " under the same path, and may it move files there?");
      }
    }
  }

  private static void move(Path from, Path to) throws IOException {
    if (from.equals(to)) {
      return;
    }
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.move(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** It stays. */
  void keep() {
    kept = true;
  }

  /** It goes with {@link #close}, as before {@link #keep}. */
  void letGo() {
    kept = false;
  }

  List<String> places() {
    return roots.stream().map(Path::toString).toList();
  }

  @Override
  public void close() {
    if (!kept) {
      for (Path root : roots) {
        delete(root);
      }
    }
  }

  private static void delete(Path root) {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(root)) {
      tree.sorted(Comparator.reverseOrder()).forEach(all::add);
      for (Path path : all) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // What is left lies under a name of ours; the restore's own outcome is what counts.
    }
  }
}
