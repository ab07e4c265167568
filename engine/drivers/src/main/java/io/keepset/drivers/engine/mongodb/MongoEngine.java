package io.keepset.drivers.engine.mongodb;

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
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import io.keepset.spi.Unsupported;
import io.keepset.spi.Verdict;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * One database of MongoDB as an archive of {@code mongodump --archive --gzip}: by that program
 * where it is, else by our own writer of the same format. Restores are made over the driver.
 */
public final class MongoEngine implements Engine {
  public static final String NAME = "mongodb";

  private final InstantSource clock;

  /**
   * @param clock names what restores make
   */
  public MongoEngine(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        NAME,
        "mongodump --archive --gzip",
        ".archive.gz",
        "each collection as it was while it was read; collections are not of one moment",
        "a server in Java that speaks the protocol of MongoDB 5.0; no real one",
        List.of("mongodump"),
        EnumSet.of(RestoreRequest.Mode.NEW, RestoreRequest.Mode.OVER));
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired) {
    return Unsupported.pointInTime(
        desired, "mongodb on runner can't restore to a point in time: its backups are archives");
  }

  @Override
  public List<Diagnostic> check(Source source) {
    return MongoCheck.run(source);
  }

  @Override
  public Optional<Discovery> discovery() {
    return Optional.of(new MongoDiscovery());
  }

  @Override
  public Scratch scratch() {
    return new MongoScratch(this);
  }

  @Override
  public Dump dump(Source source) throws DriverException {
    return MongoDump.start(source);
  }

  @Override
  public Verdict verify(InputStream artifact) throws DriverException {
    return Verdict.of(artifact, ArchiveCheck::verdict);
  }

  @Override
  public void checkRestore(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    try (Server server = Server.open(Address.toRestore(target))) {
      new RestorePlan(server, facts, target, request, clock.instant()).check();
    }
  }

  @Override
  public String afterKilledRestore() {
    return "check the database that it went to: what was loaded is in collections"
        + " keepset_restoring_*, what they had begun to replace in keepset_before_*";
  }

  @Override
  public RestoreReport restore(
      InputStream artifact,
      ArtifactFacts facts,
      List<Attachment> attachments,
      Source target,
      RestoreRequest request)
      throws DriverException {
    try (Server server = Server.open(Address.toRestore(target))) {
      RestorePlan plan = new RestorePlan(server, facts, target, request, clock.instant());
      plan.check();
      return new MongoRestore(plan).run(artifact);
    }
  }
}
