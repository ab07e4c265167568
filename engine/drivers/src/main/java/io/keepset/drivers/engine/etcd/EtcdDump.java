package io.keepset.drivers.engine.etcd;

import io.keepset.drivers.stream.ReadAlong;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A snapshot on its way from a member, read along by a {@link SnapshotFile}. */
final class EtcdDump implements Dump {
  /** What the file does not say: version, members, revision. */
  static final String CLUSTER_FILE = "cluster.json";

  private final Cluster cluster;
  private final Health health;
  private final Attachment about;
  private final SnapshotStream snapshot;
  private final ReadAlong<Verdict> stream;

  private EtcdDump(Cluster cluster, Health health, Attachment about, SnapshotStream snapshot) {
    this.cluster = cluster;
    this.health = health;
    this.about = about;
    this.snapshot = snapshot;
    this.stream = new ReadAlong<>(snapshot, "etcd-scan", SnapshotFile::verdict);
  }

  static EtcdDump start(Source source) throws DriverException {
    Cluster cluster = Cluster.toDump(source);
    Health health = Health.ask(cluster);
    health.requireToDump(cluster);
    MapNode about =
        new MapBuilder().put("status", health.status()).put("members", cluster.members()).build();
    return new EtcdDump(
        cluster,
        health,
        new Attachment(
            CLUSTER_FILE, (JsonText.write(about) + "\n").getBytes(StandardCharsets.UTF_8)),
        cluster.snapshot());
  }

  @Override
  public ReadAlong<Verdict> stream() {
    return stream;
  }

  @Override
  public Report finish() throws DriverException {
    if (stream.broken().isPresent()) {
      throw cluster.explain("taking a snapshot", stream.broken().get());
    }
    if (!stream.ended()) {
      throw new DriverException(
          Kind.TRANSIENT,
          "the snapshot of etcd "
              + cluster.where()
              + " was not read to its end; nothing of it is kept");
    }
    Verdict verdict = stream.result();
    if (!verdict.good() || verdict.facts().isEmpty()) {
      throw new DriverException(
          Kind.TRANSIENT,
          "the snapshot that etcd "
              + cluster.where()
              + " sent is not whole, nothing of it is kept: "
              + String.join("; ", verdict.findings()));
    }
    String bytes = verdict.facts().get().values().getOrDefault("database_bytes", "");
    if (!bytes.equals(String.valueOf(snapshot.announced()))) {
      throw new DriverException(
          Kind.DAMAGED,
          "etcd "
              + cluster.where()
              + " announced "
              + snapshot.announced()
              + " bytes and sent "
              + bytes
              + "; nothing of them is kept");
    }
    List<String> warnings = new ArrayList<>(health.warnings());
    return new Report(verdict.facts().get(), List.of(about), warnings);
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      // Nobody reads it any more.
    }
  }
}
