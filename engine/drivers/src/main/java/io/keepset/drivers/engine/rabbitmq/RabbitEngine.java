package io.keepset.drivers.engine.rabbitmq;

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
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** RabbitMQ's definitions by the management API: everything but messages. */
public final class RabbitEngine implements Engine {
  public static final String NAME = "rabbitmq";

  private final InstantSource clock;
  private final Former former;

  /**
   * @param clock names the vhosts that restores make
   * @param data the data directory of the installation, where a restore keeps what it replaces
   */
  public RabbitEngine(InstantSource clock, Optional<Path> data) {
    this.clock = clock;
    this.former = new Former(data);
  }

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        NAME,
        "definitions JSON",
        ".json",
        "the definitions as the server read them, one table after the other; no messages",
        "RabbitMQ 3.10",
        List.of(),
        EnumSet.allOf(RestoreRequest.Mode.class));
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired) {
    return Unsupported.pointInTime(
        desired,
        "rabbitmq on runner can't restore to a point in time: its backups are definitions");
  }

  @Override
  public List<Diagnostic> check(Source source) {
    return RabbitCheck.run(source, former);
  }

  @Override
  public Optional<Discovery> discovery() {
    return Optional.of(new RabbitDiscovery());
  }

  @Override
  public Scratch scratch() {
    return new RabbitScratch(this);
  }

  @Override
  public Dump dump(Source source) throws DriverException {
    return RabbitDump.start(source, former);
  }

  @Override
  public Verdict verify(InputStream artifact) throws DriverException {
    return Verdict.of(artifact, DefinitionsFile::verdict);
  }

  @Override
  public void checkRestore(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    RabbitTarget.check(facts, target, request, stamp());
  }

  @Override
  public RestoreReport restore(
      InputStream artifact,
      ArtifactFacts facts,
      List<Attachment> attachments,
      Source target,
      RestoreRequest request)
      throws DriverException {
    RabbitTarget to = RabbitTarget.check(facts, target, request, stamp());
    RestoreReport report =
        new RabbitRestore(to.broker(), to.madeVhost(), former, stamp())
            .run(artifact, request.mode());
    return request.mode() == RestoreRequest.Mode.NEW ? to.locate(report) : report;
  }

  @Override
  public String afterKilledRestore() {
    return "check the broker or the vhost that it went to: keepset doctor names the file with what"
        + " was there, and the next restore of a whole broker begins once the vhost "
        + RestoreLock.NAME
        + " is deleted there (rabbitmqctl delete_vhost "
        + RestoreLock.NAME
        + ")";
  }

  private String stamp() {
    return RestoreStamp.of(clock.instant());
  }
}
