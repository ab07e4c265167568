package io.keepset.drivers.engine.scylla;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Protection;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Attachment;
import io.keepset.spi.Discovery;
import io.keepset.spi.DriverException;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.EngineFacts;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreStamp;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import io.keepset.spi.Unsupported;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One keyspace of Cassandra or ScyllaDB: the files of a snapshot on every node, and its schema. */
public final class ScyllaEngine implements Engine {
  public static final String NAME = "scylla";

  private final InstantSource clock;

  /**
   * @param clock names snapshots, and what restores make
   */
  public ScyllaEngine(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        NAME,
        "tar of SSTables per node",
        ".tar",
        "each node as of the moment of its snapshot; nodes are not of one moment",
        "Cassandra 5.0 of one node; no ScyllaDB",
        List.of(),
        EnumSet.of(RestoreRequest.Mode.NEW, RestoreRequest.Mode.OVER));
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired) {
    return Unsupported.pointInTime(
        desired, "scylla on runner can't restore to a point in time: its backups are snapshots");
  }

  @Override
  public List<Diagnostic> check(Source source) {
    return ScyllaCheck.run(source);
  }

  @Override
  public Scratch scratch() {
    return Scratch.none(
        "files go back onto as many nodes as they are from, with the same tokens, which one machine"
            + " is not, and no package has a ScyllaDB; a backup is verified by the checksum of every"
            + " SSTable. Restore into a test cluster of your own");
  }

  @Override
  public Optional<Discovery> discovery() {
    return Optional.of(new ScyllaDiscovery());
  }

  @Override
  public Dump dump(Source source) throws DriverException {
    String tag = "keepset-" + stamp() + "-" + UUID.randomUUID().toString().substring(0, 8);
    return SnapshotDump.start(source, tag);
  }

  @Override
  public Verdict verify(InputStream artifact) throws DriverException {
    return Verdict.of(artifact, ScyllaEngine::verdict);
  }

  private static Verdict verdict(InputStream artifact) throws IOException {
    SnapshotReader reader =
        new SnapshotReader((header, node, table, file) -> OutputStream.nullOutputStream());
    try {
      reader.read(artifact);
    } catch (MalformedSnapshot e) {
      return Verdict.bad("this is no whole backup of a keyspace: " + e.getMessage());
    }
    return Verdict.good(
        reader.facts(),
        List.of(
            reader.tableFiles()
                + " SSTables of "
                + reader.schema().tables().size()
                + " tables, all digests and checksums right"));
  }

  @Override
  public void checkRestore(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    Place place = Place.toRestore(target);
    try (Cql cql = Cql.open(place)) {
      new RestorePlan(place, facts, request, stamp()).check(cql);
    }
  }

  @Override
  public RestoreReport restore(
      InputStream artifact,
      ArtifactFacts facts,
      List<Attachment> attachments,
      Source target,
      RestoreRequest request)
      throws DriverException {
    Place place = Place.toRestore(target);
    try (Cql cql = Cql.open(place)) {
      RestorePlan plan = new RestorePlan(place, facts, request, stamp());
      plan.check(cql);
      RestoreReport report = new SnapshotRestore(plan, cql).run(artifact);
      return plan.over() ? report : report.at("keyspace", plan.keyspace());
    }
  }

  private String stamp() {
    return RestoreStamp.of(clock.instant());
  }
}
