package io.keepset.drivers.engine.scylla;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What stands between us and a good dump: connection, nodes and their files, each with its fix. */
final class ScyllaCheck {
  private ScyllaCheck() {}

  static List<Diagnostic> run(Source source) {
    List<Diagnostic> findings = new ArrayList<>();
    try {
      Place place = Place.toDump(source);
      look(place, findings);
      for (Place.Node node : place.nodes()) {
        look(place, node, findings);
      }
    } catch (DriverException e) {
      findings.add(Diagnostic.error("engine.connection", e.getMessage(), null));
    }
    return findings;
  }

  private static void look(Place place, List<Diagnostic> findings) throws DriverException {
    try (Cql cql = Cql.open(place)) {
      if (!cql.exists(place.keyspace())) {
        findings.add(
            Diagnostic.error("engine.connection", "there is no keyspace " + place.keyspace(), null)
                .withHint("check connection.keyspace (the block's name if left out)"));
      }
      int size = cql.size();
      int named = place.nodes().size();
      if (size != named) {
        String message = "the cluster has " + size + " nodes, connection.nodes names " + named;
        findings.add(
            (named < size && !place.part()
                    ? Diagnostic.error("engine.server", message, null)
                    : Diagnostic.warning("engine.server", message, null))
                .withHint("what lives only on the others is not in a backup; name them all"));
      }
      findings.add(
          Diagnostic.note(
              "engine.server",
              (place.rest() ? "Scylla " : "Cassandra ")
                  + Release.of(place, cql, true)
                  + " at "
                  + place.where(),
              null));
    }
  }

  private static void look(Place place, Place.Node node, List<Diagnostic> findings) {
    try (NodeControl control = NodeControl.open(place, node)) {
      for (Path data : node.data()) {
        if (!Files.isReadable(data.resolve("system"))) {
          findings.add(
              Diagnostic.error(
                      "engine.rights",
                      data + " is no data directory that this user can read, node " + node.name(),
                      null)
                  .withHint(
                      "name the directories of data_file_directories as this machine sees them,"
                          + " and run Keepset as the user of the database"));
        }
      }
    } catch (DriverException e) {
      findings.add(Diagnostic.error("engine.connection", e.getMessage(), null));
    }
  }
}
