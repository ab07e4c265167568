package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.engine.postgresql.physical.BaseBackup;
import io.keepset.drivers.tool.Silence;
import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One {@code pg_basebackup} under way: a tar of the whole server on its standard output, with the
 * log that makes it consistent. A session of ours holds a temporary slot meanwhile, so that the
 * server does not remove that log before it was fetched.
 */
final class BaseBackupDump implements Dump {
  /** What to do about tablespaces. */
  static final String WITHOUT_TABLESPACES =
      "move their tables to pg_default and drop them, or use dumps (option backup: logical, without"
          + " point_in_time)";

  /** What to do about an old server. */
  static final String WITHOUT_VERSION =
      "use dumps (option backup: logical, without point_in_time), or upgrade the server";

  private static final int OLDEST = 13;

  private final Login login;
  private final ToolProcess process;
  private final Psql slot;
  private final BaseBackup contents = new BaseBackup(false);
  private final InputStream stream;

  private BaseBackupDump(Login login, ToolProcess process, Psql slot) {
    this.login = login;
    this.process = process;
    this.slot = slot;
    this.stream = new Tap(process.stdout());
  }

  static BaseBackupDump start(Source source) throws DriverException {
    Login login = Login.toDump(source);
    List<AutoCloseable> opened = new ArrayList<>(List.of(login));
    try {
      Psql session = Psql.open(Tools.newest(source.options()), login);
      opened.add(session);
      ServerVersion server = requireNew(session);
      refuseTablespaces(session, login);
      session.ask(
          "SELECT pg_catalog.pg_create_physical_replication_slot('keepset_base_' ||"
              + " pg_catalog.pg_backend_pid(), true, true)");
      ToolProcess process =
          ToolProcess.start(command(source, server.tools(source.options()), login));
      return new BaseBackupDump(login, process, session);
    } catch (DriverException | RuntimeException e) {
      opened.forEach(BaseBackupDump::closeQuietly);
      throw e;
    }
  }

  /** Why there are no base backups of a server of this version; empty if there are. */
  static Optional<String> tooOld(ServerVersion server) {
    return server.major() >= OLDEST
        ? Optional.empty()
        : Optional.of(
            "the server is PostgreSQL "
                + server.brief()
                + "; base backups that can be verified, and their log, need "
                + OLDEST
                + " or newer");
  }

  /**
   * Which version a server is.
   *
   * @throws DriverException REJECTED if it is too old for base backups and their log
   */
  static ServerVersion requireNew(Psql session) throws DriverException {
    ServerVersion server = ServerVersion.ask(session);
    Optional<String> old = tooOld(server);
    if (old.isPresent()) {
      throw new DriverException(Kind.REJECTED, old.get() + ": " + WITHOUT_VERSION);
    }
    return server;
  }

  private static void refuseTablespaces(Psql session, Login login) throws DriverException {
    Optional<String> others = tablespaces(session);
    if (others.isPresent()) {
      throw new DriverException(
          Kind.REJECTED,
          "the server at " + login.where() + " " + others.get() + ": " + WITHOUT_TABLESPACES);
    }
  }

  /** What a server has that no base backup in one stream can hold, after its name. */
  static Optional<String> tablespaces(Psql session) throws DriverException {
    List<String> others =
        session.ask(
            "SELECT spcname FROM pg_catalog.pg_tablespace WHERE spcname NOT IN ('pg_default',"
                + " 'pg_global') ORDER BY 1");
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "has tablespaces of its own ("
                + String.join(", ", others)
                + "), which a base backup in one stream can't hold");
  }

  private static ToolCommand command(Source source, Tools tools, Login login) {
    return new ToolCommand(
        tools.program("pg_basebackup"),
        List.of(
            "-w",
            "-D",
            "-",
            "-F",
            "tar",
            "-X",
            "fetch",
            "-c",
            "fast",
            "--manifest-checksums=CRC32C",
            "-l",
            "keepset " + source.database()),
        login.environment(),
        login.scrubber(),
        Silence.whileDumping(source.options()));
  }

  @Override
  public InputStream stream() {
    return stream;
  }

  @Override
  public Report finish() throws DriverException {
    ToolExit exit = process.finish();
    if (!exit.ok()) {
      throw Failures.explain("pg_basebackup", exit, login);
    }
    Verdict verdict = contents.verdict();
    if (!verdict.good()) {
      throw new DriverException(
          Kind.DAMAGED,
          "pg_basebackup said that all is well, but "
              + verdict.findings().get(0)
              + "; nothing of it is kept");
    }
    List<String> warnings = new ArrayList<>();
    if (!exit.stderr().isBlank()) {
      warnings.add("pg_basebackup said: " + Failures.shorten(exit.stderr()));
    }
    return new Report(verdict.facts().orElseThrow(), List.of(), warnings);
  }

  @Override
  public void close() {
    closeQuietly(stream);
    process.close();
    closeQuietly(slot);
    closeQuietly(login);
  }

  private static void closeQuietly(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      // The reason why we are here is the one to hear about.
    }
  }

  /** Shows the contents to whoever has to vouch for them. */
  private final class Tap extends FilterInputStream {
    Tap(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = in.read(bytes, offset, length);
      if (n > 0) {
        contents.take(bytes, offset, n);
      }
      return n;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }
  }
}
