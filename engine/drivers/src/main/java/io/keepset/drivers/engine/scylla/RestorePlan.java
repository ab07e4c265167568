package io.keepset.drivers.engine.scylla;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a restore goes, and whether it may go there.
 *
 * @param stamp of the moment, for names
 */
record RestorePlan(Place place, ArtifactFacts facts, RestoreRequest request, String stamp) {
  private static final int LONGEST_NAME = 48;

  boolean over() {
    return request.mode() == Mode.OVER;
  }

  /** Of the keyspace that is restored into. */
  String keyspace() {
    return over()
        ? place.keyspace()
        : request.newName().orElse(place.keyspace() + "_restored_" + stamp);
  }

  /** Which node takes the files of which node of the backup. */
  SortedMap<String, Place.Node> nodes() throws DriverException {
    List<String> from = List.of(fact("nodes").split(",", -1));
    SortedMap<String, Place.Node> nodes = new TreeMap<>();
    if (from.size() == 1 && place.nodes().size() == 1) {
      nodes.put(from.get(0), place.nodes().get(0));
      return nodes;
    }
    for (Place.Node node : place.nodes()) {
      nodes.put(node.name(), node);
    }
    if (!nodes.keySet().containsAll(from) || nodes.size() != from.size()) {
      throw rejected(
          "the backup is of the nodes "
              + from
              + ", connection.nodes names "
              + nodes.keySet()
              + ": they must be the same, with the same tokens; into a cluster of another shape"
              + " load the downloaded files with sstableloader");
    }
    return nodes;
  }

  void check(Cql cql) throws DriverException {
    String kind = place.rest() ? "scylla" : "cassandra";
    if (!fact("kind").equals(kind)) {
      throw rejected(
          "the backup is from "
              + fact("kind")
              + ", the target is "
              + kind
              + " (connection.control): the one does not take the other's files; load the"
              + " downloaded files with sstableloader");
    }
    Release.require(fact("release"), Release.of(place, cql, false), place.rest());
    nodes();
    requireAllNodes(cql.size());
    if (!keyspace().matches("[A-Za-z0-9_]{1," + LONGEST_NAME + "}")) {
      throw rejected(
          "\""
              + keyspace()
              + "\" can't be the name of a keyspace: at most "
              + LONGEST_NAME
              + " letters, digits and _");
    }
    if (!over() && cql.exists(keyspace())) {
      throw rejected(
          "the keyspace "
              + keyspace()
              + " is there already on "
              + place.where()
              + "; choose another name, or restore over it");
    }
    if (over() && !cql.exists(keyspace())) {
      throw new DriverException(
          Kind.NOT_FOUND,
          "there is no keyspace " + keyspace() + " to restore over; restore into a new one");
    }
  }

  /** A keyspace is made and dropped on all nodes, but only the named ones give and take files. */
  private void requireAllNodes(int size) throws DriverException {
    if (size != place.nodes().size()) {
      throw rejected(
          "the cluster has "
              + size
              + " nodes, the target names "
              + place.nodes().size()
              + ": a restore must reach them all; name them in connection.nodes, or load the"
              + " downloaded files with sstableloader");
    }
  }

  private String fact(String key) {
    return facts.values().getOrDefault(key, "");
  }

  private static DriverException rejected(String message) {
    return new DriverException(Kind.REJECTED, message);
  }
}
