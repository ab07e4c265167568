package io.keepset.drivers.engine.redis;

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
import java.util.List;

/**
 * Redis and Valkey by the replication protocol: no file of the server is touched, no program of
 * theirs is needed.
 */
public final class RedisEngine implements Engine {
  public static final String NAME = "redis";

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        NAME,
        "RDB",
        ".rdb",
        "one server as of one moment (its fork); not across the shards of a cluster",
        "Redis 7.0; no Valkey",
        List.of(),
        RestoreRequest.Mode.allButMerge());
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired) {
    return Unsupported.pointInTime(
        desired, "redis on runner can't restore to a point in time: its backups are RDB files");
  }

  @Override
  public List<Diagnostic> check(Source source) {
    return RedisCheck.run(source);
  }

  @Override
  public Scratch scratch() {
    return new RedisScratch();
  }

  @Override
  public Dump dump(Source source) throws DriverException {
    return RedisDump.start(source);
  }

  @Override
  public Verdict verify(InputStream artifact) throws DriverException {
    return Verdict.of(artifact, RdbScan::verdict);
  }

  @Override
  public void checkRestore(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    RedisRestore.check(facts, target, request);
  }

  @Override
  public String afterKilledRestore() {
    return "the server that it went to may be a replica of an address where nobody answers, and"
        + " refuse all writes: run REPLICAOF NO ONE there, then check it";
  }

  @Override
  public RestoreReport restore(
      InputStream artifact,
      ArtifactFacts facts,
      List<Attachment> attachments,
      Source target,
      RestoreRequest request)
      throws DriverException {
    return RedisRestore.run(artifact, facts, target, request);
  }
}
