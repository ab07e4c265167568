package io.keepset.drivers.engine.elasticsearch;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Protection;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.EngineFacts;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreStamp;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import io.keepset.spi.Unsupported;
import io.keepset.spi.Verdict;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Elasticsearch and OpenSearch by the snapshot API, through a directory that both see. */
public final class ElasticEngine implements Engine {
  public static final String NAME = "elasticsearch";

  private final InstantSource clock;

  /**
   * @param clock names what restores make
   */
  public ElasticEngine(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        NAME,
        "snapshot repository as tar.gz",
        ".tar.gz",
        "each shard as of one moment; not across shards",
        "Elasticsearch 8.19 and OpenSearch 2.19 of one node each",
        List.of(),
        RestoreRequest.Mode.allButMerge());
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired) {
    List<Diagnostic> findings =
        new ArrayList<>(
            Unsupported.pointInTime(
                desired,
                "elasticsearch on runner can't restore to a point in time: its backups are"
                    + " snapshots"));
    if (desired.options().get("repository.path").isEmpty()) {
      findings.add(
          Diagnostic.error(
                  "elasticsearch.repository",
                  "options.repository.path of " + desired.name() + " is missing",
                  null)
              .withPointer("options")
              .withHint(
                  "name a directory in the cluster's path.repo that this machine sees too, such as"
                      + " /mnt/snapshots"));
    }
    return findings;
  }

  @Override
  public List<Diagnostic> check(Source source) {
    List<Diagnostic> findings = new ArrayList<>();
    try {
      Cluster cluster = Cluster.toDump(source);
      findings.add(
          Diagnostic.note(
              "engine.server", cluster.version().name() + " at " + cluster.where(), null));
      Leftovers.found(cluster)
          .forEach(left -> findings.add(Diagnostic.warning("engine.restore", left, null)));
      Place place = Place.of(source);
      DeadRuns.found(cluster, place, clock.instant())
          .forEach(left -> findings.add(Diagnostic.warning("engine.restore", left, null)));
      Repository trial = Repository.fresh(cluster, place);
      try {
        // The nodes write a file there to see whether they may.
        trial.register(false);
      } finally {
        trial
            .drop(false)
            .forEach(left -> findings.add(Diagnostic.warning("engine.rights", left, null)));
      }
    } catch (DriverException e) {
      boolean denied = e.kind() == Kind.DENIED;
      findings.add(
          Diagnostic.error(denied ? "engine.rights" : "engine.connection", e.getMessage(), null));
    }
    return findings;
  }

  @Override
  public Scratch scratch() {
    return new ElasticScratch(this);
  }

  @Override
  public Dump dump(Source source) throws DriverException {
    return ElasticDump.start(source, clock.instant());
  }

  @Override
  public Verdict verify(InputStream artifact) throws DriverException {
    return Verdict.of(artifact, RepositoryCheck::verdict);
  }

  @Override
  public void checkRestore(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    ElasticRestore.check(facts, target, request, stamp());
  }

  @Override
  public RestoreReport restore(
      InputStream artifact,
      ArtifactFacts facts,
      List<Attachment> attachments,
      Source target,
      RestoreRequest request)
      throws DriverException {
    return restore(artifact, facts, attachments, target, request, Progress.NONE);
  }

  @Override
  public RestoreReport restore(
      InputStream artifact,
      ArtifactFacts facts,
      List<Attachment> attachments,
      Source target,
      RestoreRequest request,
      Progress progress)
      throws DriverException {
    return ElasticRestore.check(facts, target, request, stamp()).run(artifact, progress);
  }

  private String stamp() {
    return RestoreStamp.of(clock.instant());
  }
}
