package io.keepset.drivers.engine.postgresql;

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
import io.keepset.spi.Source;
import io.keepset.spi.Unsupported;
import io.keepset.spi.Verdict;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** PostgreSQL 12 to 18 by its own tools: {@code pg_dump}, {@code pg_restore}, {@code psql}. */
public final class PostgresEngine implements Engine {
  public static final String NAME = "postgresql";

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        NAME,
        "pg_dump custom",
        ".dump",
        "one database as of one moment (a single snapshot); not across databases",
        List.of("pg_dump", "pg_dumpall", "pg_restore", "psql"),
        RestoreRequest.Mode.allButMerge());
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired) {
    return Unsupported.pointInTime(
        desired, "postgresql on runner can't restore to a point in time: its backups are dumps");
  }

  @Override
  public List<Diagnostic> check(Source source) {
    return PostgresCheck.run(source);
  }

  @Override
  public Optional<Discovery> discovery() {
    return Optional.of(new PostgresDiscovery());
  }

  @Override
  public Dump dump(Source source) throws DriverException {
    return PostgresDump.start(source);
  }

  @Override
  public Verdict verify(InputStream artifact) throws DriverException {
    return Verdict.of(artifact, ArchiveCheck::verdict);
  }

  @Override
  public void checkRestore(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    try (Login login = Login.toRestore(target, maintenance(target));
        Psql session = Psql.open(Tools.newest(target.options()), login)) {
      Destination.check(session, facts, target, request);
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
    try (Login login = Login.toRestore(target, maintenance(target))) {
      Destination to;
      try (Psql session = Psql.open(Tools.newest(target.options()), login)) {
        to = Destination.check(session, facts, target, request);
      }
      return new PostgresRestore(to, login, facts).run(artifact, new RestorePipe(login));
    }
  }

  /** Databases are created, renamed and dropped from another one. */
  private static String maintenance(Source target) {
    return target.connection().get("maintenance_database", "postgres");
  }
}
