package io.keepset.drivers.engine.etcd;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What stands between us and a good dump: connection, rights, health, each with its fix. */
final class EtcdCheck {
  private EtcdCheck() {}

  static List<Diagnostic> run(Source source) {
    List<Diagnostic> findings = new ArrayList<>();
    try {
      Cluster cluster = Cluster.toDump(source);
      Health health = Health.ask(cluster);
      health.requireToDump(cluster);
      snapshot(cluster);
      health
          .warnings()
          .forEach(warning -> findings.add(Diagnostic.warning("engine.server", warning, null)));
      findings.add(
          Diagnostic.note(
              "engine.server", "etcd " + health.version() + " at " + cluster.where(), null));
    } catch (DriverException e) {
      findings.add(Diagnostic.error("engine.connection", e.getMessage(), null));
    }
    return findings;
  }

  /** Nothing else says whether the user may: its first byte does, the rest is not fetched. */
  private static void snapshot(Cluster cluster) throws DriverException {
    try (SnapshotStream stream = cluster.snapshot()) {
      stream.read();
    } catch (IOException e) {
      throw cluster.explain("asking for a snapshot", e);
    }
  }
}
