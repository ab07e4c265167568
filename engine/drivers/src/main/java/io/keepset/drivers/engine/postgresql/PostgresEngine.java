package io.keepset.drivers.engine.postgresql;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.engine.postgresql.physical.BaseBackup;
import io.keepset.drivers.tool.Silence;
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
import io.keepset.spi.Verdict;
import io.keepset.spi.wal.WriteAheadLog;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** PostgreSQL 12 to 18 by its own tools: {@code pg_dump}, {@code pg_restore}, {@code psql}. */
public final class PostgresEngine implements Engine {
  public static final String NAME = "postgresql";

  /** Option: dumps, or the files of the server. */
  private static final String BACKUP = "backup";

  private static final int TAR_MAGIC = 257;

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        NAME,
        "pg_dump custom",
        ".dump",
        "one database as of one moment (a single snapshot); not across databases",
        "PostgreSQL 15; servers 16 and 18 by hand",
        List.of("pg_dump", "pg_dumpall", "pg_restore", "psql"),
        RestoreRequest.Mode.allButMerge(),
        List.of(
            new EngineFacts.Other(
                BaseBackup.FORMAT,
                Source.POINT_IN_TIME,
                "base backup as tar, and beside it the log (WAL) segment by segment",
                ".tar",
                "the whole server as of any instant of the window",
                "PostgreSQL 15",
                List.of("pg_basebackup", "pg_receivewal", "psql"),
                EnumSet.of(RestoreRequest.Mode.NEW))));
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired) {
    boolean dumps = desired.options().get(BACKUP).equals(Optional.of("logical"));
    if (!dumps || desired.pointInTime().isEmpty()) {
      return List.of();
    }
    return List.of(
        Diagnostic.error(
                "engine.point_in_time",
                "postgresql can't restore to a point in time from dumps, which option backup:"
                    + " logical asks for",
                null)
            .withPointer("point_in_time")
            .withHint(
                "leave option backup out; for dumps beside, declare the database once more under"
                    + " another name, with a policy that has no point_in_time"));
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
  public Scratch scratch() {
    return new PostgresScratch();
  }

  @Override
  public Dump dump(Source source) throws DriverException {
    return physical(source) ? BaseBackupDump.start(source) : PostgresDump.start(source);
  }

  @Override
  public Verdict verify(InputStream artifact) throws DriverException {
    return Verdict.of(artifact, PostgresEngine::verdict);
  }

  @Override
  public void checkRestore(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    if (BaseBackup.isFormat(facts)) {
      BaseBackupRestore.check(facts, target, request);
      return;
    }
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
    if (BaseBackup.isFormat(facts)) {
      return BaseBackupRestore.run(artifact, facts, target, request);
    }
    try (Login login = Login.toRestore(target, maintenance(target))) {
      Destination to;
      try (Psql session = Psql.open(Tools.newest(target.options()), login)) {
        to = Destination.check(session, facts, target, request);
      }
      return new PostgresRestore(to, login, facts)
          .run(artifact, new RestorePipe(login, Silence.whileRestoring(target.options())));
    }
  }

  /**
   * Whether this database is backed up as the files of its server: log can be replayed on those
   * alone.
   */
  static boolean physical(Source source) {
    return source
        .options()
        .get(BACKUP)
        .map("physical"::equals)
        .orElse(source.options().get(Source.POINT_IN_TIME).isPresent());
  }

  @Override
  public Optional<WriteAheadLog> writeAheadLog() {
    return Optional.of(new PostgresLog());
  }

  /** What it is, its first bytes tell. */
  private static Verdict verdict(InputStream artifact) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(artifact, 1 << 16);
    buffered.mark(TAR_MAGIC + 5);
    byte[] head = buffered.readNBytes(TAR_MAGIC + 5);
    buffered.reset();
    boolean tar =
        head.length == TAR_MAGIC + 5
            && new String(head, TAR_MAGIC, 5, StandardCharsets.US_ASCII).equals("ustar");
    return tar ? BaseBackup.verdict(buffered) : ArchiveCheck.verdict(buffered);
  }

  /** Databases are created, renamed and dropped from another one. */
  private static String maintenance(Source target) {
    return target.connection().get("maintenance_database", "postgres");
  }
}
