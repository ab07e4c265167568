package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.scratch.Redump;
import io.keepset.drivers.scratch.ScratchInstance;
import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Scratch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A server on an unpacked base backup. It is proven if it recovers to the end of the backup, is the
 * server that was backed up, and every database of it can be dumped.
 */
final class RecoveredCluster {
  /** What a server says of files that do not belong together; no lack of this machine's. */
  private static final Pattern DAMAGE =
      Pattern.compile(
          "WAL ends before|checkpoint record|invalid page|incorrect checksum|backup_label"
              + "|could not locate|unexpected data beyond EOF|invalid magic");

  private final ScratchCluster cluster;
  private final ArtifactFacts facts;

  RecoveredCluster(ScratchCluster cluster, ArtifactFacts facts) {
    this.cluster = cluster;
    this.facts = facts;
  }

  Scratch.Instance instance(ScratchInstance.Parts parts) {
    return parts.instance(
        cluster.name(),
        ScratchInstance.source(Map.of(), Options.NONE, ""),
        ScratchInstance.into(cluster.data().toString()),
        restored -> look());
  }

  private Scratch.Comparison look() throws DriverException {
    try {
      cluster.recover();
    } catch (DriverException e) {
      if (DAMAGE.matcher(e.getMessage()).find()) {
        return new Scratch.Comparison(List.of(), List.of("it does not recover: " + e.getMessage()));
      }
      throw e;
    } catch (IOException e) {
      throw new DriverException(
          Kind.TRANSIENT, "the data directory can't be prepared: " + e.getMessage(), e);
    }
    cluster.start();
    List<String> databases;
    List<String> differences = new ArrayList<>();
    try (Psql session = cluster.open("template1")) {
      differences.addAll(itself(session));
      databases =
          session.ask(
              "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1");
    }
    long tables = 0;
    long rows = 0;
    for (String database : databases) {
      Map<String, String> dumped =
          Redump.of(new PostgresEngine(), cluster.source(database)).values();
      tables += Long.parseLong(dumped.getOrDefault("tables", "0"));
      rows += Long.parseLong(dumped.getOrDefault("rows", "0"));
    }
    return new Scratch.Comparison(
        List.of(
            "recovered to " + facts.values().getOrDefault("stop_lsn", "its end"),
            databases.size() + " databases",
            tables + " tables",
            rows + " rows",
            "all of them read to their end"),
        differences);
  }

  private List<String> itself(Psql session) throws DriverException {
    List<String> differences = new ArrayList<>();
    String id = session.askOne("SELECT system_identifier FROM pg_control_system()");
    String wanted = facts.values().getOrDefault("system_id", id);
    if (!id.equals(wanted)) {
      differences.add("it is server " + id + ", and " + wanted + " was backed up");
    }
    String stop = facts.values().getOrDefault("stop_lsn", "0/0");
    String now = session.askOne("SELECT pg_current_wal_lsn()");
    if (!session.askBoolean(Psql.literal(now) + "::pg_lsn >= " + Psql.literal(stop) + "::pg_lsn")) {
      differences.add("it recovered to " + now + ", and the backup ends at " + stop);
    }
    return differences;
  }
}
