package io.keepset.drivers.engine.etcd;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Protection;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Attachment;
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
import java.util.EnumSet;
import java.util.List;

/** etcd 3.4 and newer by its snapshots; no file of a member is touched, no program is needed. */
public final class EtcdEngine implements Engine {
  public static final String NAME = "etcd";

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        NAME,
        "etcd snapshot",
        ".db",
        "one member as of one revision",
        "etcd 3.4",
        List.of(),
        EnumSet.allOf(RestoreRequest.Mode.class));
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired) {
    return Unsupported.pointInTime(
        desired, "etcd on runner can't restore to a point in time: its backups are snapshots");
  }

  @Override
  public List<Diagnostic> check(Source source) {
    return EtcdCheck.run(source);
  }

  @Override
  public Scratch scratch() {
    return new EtcdScratch();
  }

  @Override
  public Dump dump(Source source) throws DriverException {
    return EtcdDump.start(source);
  }

  @Override
  public Verdict verify(InputStream artifact) throws DriverException {
    return Verdict.of(artifact, SnapshotFile::verdict);
  }

  @Override
  public void checkRestore(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    EtcdTarget.check(target, request);
  }

  @Override
  public RestoreReport restore(
      InputStream artifact,
      ArtifactFacts facts,
      List<Attachment> attachments,
      Source target,
      RestoreRequest request)
      throws DriverException {
    return EtcdRestore.run(artifact, target, request);
  }
}
