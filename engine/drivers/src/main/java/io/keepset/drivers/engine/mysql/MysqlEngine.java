package io.keepset.drivers.engine.mysql;

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
import java.util.List;
import java.util.Optional;

/** MySQL and MariaDB by their own tools: {@code mysqldump}, {@code mariadb-dump}, their clients. */
public final class MysqlEngine implements Engine {
  public static final String NAME = "mysql";

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        NAME,
        "mysqldump SQL",
        ".sql",
        "one database as of one moment for InnoDB; other storage engines table by table",
        "MariaDB 10.11; MySQL 9.7 by hand",
        List.of("mariadb-dump", "mariadb", "mysqldump", "mysql"),
        RestoreRequest.Mode.allButMerge());
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired) {
    return Unsupported.pointInTime(
        desired, "mysql on runner can't restore to a point in time: its backups are dumps");
  }

  @Override
  public List<Diagnostic> check(Source source) {
    return MysqlCheck.run(source);
  }

  @Override
  public Optional<Discovery> discovery() {
    return Optional.of(new MysqlDiscovery());
  }

  @Override
  public Scratch scratch() {
    return new MysqlScratch();
  }

  @Override
  public Dump dump(Source source) throws DriverException {
    return MysqlDump.start(source);
  }

  @Override
  public Verdict verify(InputStream artifact) throws DriverException {
    return Verdict.of(artifact, DumpScan::verdict);
  }

  @Override
  public void checkRestore(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    try (Login login = Login.toRestore(target)) {
      destination(facts, target, login, request);
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
    try (Login login = Login.toRestore(target)) {
      Destination to = destination(facts, target, login, request);
      return new MysqlRestore(to, login).run(artifact, attachments);
    }
  }

  private static Destination destination(
      ArtifactFacts facts, Source target, Login login, RestoreRequest request)
      throws DriverException {
    try (Session session = Session.open(Tools.any(target.options()), login)) {
      return Destination.check(session, facts, target, login, request);
    }
  }
}
