package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.tool.Silence;
import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One {@code pg_dump} under way. A session of ours holds a snapshot in which the catalogue was
 * counted; {@code pg_dump} works in the same snapshot, and the session ends with the first byte.
 */
final class PostgresDump implements Dump {
  private final Login login;
  private final ToolProcess process;
  private final Globals globals;
  private final Expected expected;
  private final TocTap tap;
  private final InputStream stream;
  private Optional<Contents> contents = Optional.empty();

  private PostgresDump(
      Login login, ToolProcess process, Psql snapshot, Expected expected, Globals globals) {
    this.login = login;
    this.process = process;
    this.expected = expected;
    this.globals = globals;
    this.tap =
        new TocTap(
            new HandOver(process.stdout(), snapshot),
            new TocTap.Listener() {
              @Override
              public void header(Contents found) {
                contents = Optional.of(found);
              }

              @Override
              public void entry(TocEntry entry) {
                contents.orElseThrow().add(entry);
                expected.found(entry);
              }

              @Override
              public void rows(int entry, long rows) {
                contents.orElseThrow().addRows(rows);
              }
            });
    this.stream = tap;
  }

  static PostgresDump start(Source source) throws DriverException {
    Login login = Login.toDump(source);
    List<AutoCloseable> opened = new ArrayList<>(List.of(login));
    try {
      Psql snapshot = Psql.openRaw(Tools.newest(source.options()), login);
      opened.add(snapshot);
      ServerVersion server = ServerVersion.ask(snapshot);
      Tools tools = server.tools(source.options());
      snapshot.ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      String name = snapshot.askOne("SELECT pg_catalog.pg_export_snapshot()");
      Expected expected = Expected.ask(snapshot, source.options());
      ToolProcess process = ToolProcess.start(command(source, tools, login, name));
      opened.add(process);
      Globals globals = Globals.start(source, tools);
      return new PostgresDump(login, process, snapshot, expected, globals);
    } catch (DriverException | RuntimeException e) {
      opened.forEach(PostgresDump::closeQuietly);
      throw e;
    }
  }

  private static ToolCommand command(Source source, Tools tools, Login login, String snapshot) {
    List<String> arguments = new ArrayList<>(List.of("-w", "-Fc", "-Z0"));
    arguments.add("--lock-wait-timeout=" + Settings.lockWait(source.options()).toMillis());
    arguments.add("--snapshot=" + snapshot);
    source
        .options()
        .list("exclude_tables")
        .forEach(pattern -> arguments.add("--exclude-table=" + pattern));
    source
        .options()
        .list("exclude_table_data")
        .forEach(pattern -> arguments.add("--exclude-table-data=" + pattern));
    return new ToolCommand(
        tools.program("pg_dump"),
        arguments,
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
      throw Failures.explain("pg_dump", exit, login);
    }
    if (!tap.complete() || !tap.ended() || contents.isEmpty()) {
      throw new DriverException(
          Kind.DAMAGED,
          "pg_dump said that all is well, but its output was not read to its end or is no whole"
              + " archive; nothing of it is kept");
    }
    Contents dumped = contents.get();
    List<String> missing = expected.missing(dumped);
    if (!missing.isEmpty()) {
      throw new DriverException(
          Kind.DAMAGED,
          "pg_dump said that all is well, but " + missing.get(0) + "; nothing of it is kept");
    }
    List<String> warnings = new ArrayList<>();
    if (!exit.stderr().isBlank()) {
      warnings.add("pg_dump said: " + Failures.shorten(exit.stderr()));
    }
    if (dumped.count("TABLE") == 0) {
      warnings.add("database " + login.database() + " holds no tables");
    }
    Globals.Result roles = globals.result();
    warnings.addAll(roles.warnings());
    List<Attachment> attachments = roles.attachment().map(List::of).orElse(List.of());
    return new Report(dumped.facts(), attachments, warnings);
  }

  /** Of {@code pg_dump}, for tests of what others can see of it. */
  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    closeQuietly(stream);
    process.close();
    globals.close();
    closeQuietly(login);
  }

  private static void closeQuietly(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      // The reason why we are here is the one to hear about.
    }
  }

  /** Ends the snapshot's session, and removes the password file, once pg_dump delivers. */
  private final class HandOver extends FilterInputStream {
    private Optional<Psql> snapshot;

    HandOver(InputStream in, Psql snapshot) {
      super(in);
      this.snapshot = Optional.of(snapshot);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = in.read(bytes, offset, length);
      if (snapshot.isPresent()) {
        release();
      }
      return n;
    }

    private void release() {
      snapshot.ifPresent(Psql::close);
      snapshot = Optional.empty();
      login.forget();
    }

    @Override
    public void close() throws IOException {
      release();
      super.close();
    }
  }
}
