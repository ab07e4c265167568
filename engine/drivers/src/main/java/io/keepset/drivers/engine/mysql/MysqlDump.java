package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.tool.KnownFailures;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One {@code mariadb-dump} or {@code mysqldump} under way. What passes is read along by a {@link
 * DumpScan}, and compared at the end with what the catalogue showed before and after it.
 */
final class MysqlDump implements Dump {
  /** How the database itself was made; no dump of one database holds it. */
  static final String DATABASE_FILE = "database.sql";

  private final Login login;
  private final Tools tools;
  private final Settings settings;
  private final Inventory before;
  private final Attachment made;
  private final ToolProcess process;
  private final LockWatch watch;
  private final DumpScan scan = new DumpScan();
  private final InputStream stream;
  private boolean atEnd;

  private MysqlDump(
      Login login,
      Tools tools,
      Settings settings,
      Inventory before,
      Attachment made,
      ToolProcess process) {
    this.login = login;
    this.tools = tools;
    this.settings = settings;
    this.before = before;
    this.made = made;
    this.process = process;
    this.watch = LockWatch.start(process.stdout(), tools, login, settings.lockWait());
    this.stream = new Tap(watch);
  }

  static MysqlDump start(Source source) throws DriverException {
    Settings settings = Settings.of(source.options());
    Login login = Login.toDump(source);
    try {
      Tools any = Tools.any(source.options());
      ServerVersion server;
      Inventory before;
      String made;
      boolean position;
      try (Session session = Session.open(any, login)) {
        server = ServerVersion.ask(session);
        Rights.requireToDump(session, server, login, settings);
        before = Inventory.ask(session, login.database(), settings);
        made =
            session.rows("SHOW CREATE DATABASE " + Sql.identifier(login.database())).get(0).get(1);
        position = tellsPosition(session, server);
      }
      Tools tools = Tools.of(server, source.options());
      ToolProcess process = ToolProcess.start(command(tools, login, settings, before, position));
      Attachment attachment =
          new Attachment(DATABASE_FILE, (made + ";\n").getBytes(StandardCharsets.UTF_8));
      return new MysqlDump(login, tools, settings, before, attachment, process);
    } catch (DriverException | RuntimeException e) {
      login.close();
      throw e;
    }
  }

  /**
   * Whether the dump can hold its place in the binary log, as a comment. MariaDB tells that of a
   * snapshot to everybody; MySQL would have all tables locked for it, and more rights.
   */
  private static boolean tellsPosition(Session session, ServerVersion server)
      throws DriverException {
    return server.mariadb()
        && session.rows("SHOW STATUS LIKE 'binlog\\_snapshot\\_file'").stream()
            .anyMatch(row -> row.size() > 1 && !row.get(1).isEmpty());
  }

  private static ToolCommand command(
      Tools tools, Login login, Settings settings, Inventory inventory, boolean position)
      throws DriverException {
    List<String> arguments = new ArrayList<>(List.of(login.optionFile(tools)));
    arguments.addAll(
        List.of(
            "--single-transaction",
            "--quick",
            "--hex-blob",
            "--default-character-set=utf8mb4",
            "--max-allowed-packet=1G",
            settings.dumps("triggers") ? "--triggers" : "--skip-triggers",
            settings.dumps("routines") ? "--routines" : "--skip-routines",
            settings.dumps("events") ? "--events" : "--skip-events"));
    if (position) {
      arguments.add("--master-data=2");
    }
    if (tools.flavour() == Flavour.MYSQL) {
      arguments.addAll(List.of("--set-gtid-purged=OFF", "--no-tablespaces"));
      if (tools.series() >= 800) {
        arguments.add("--column-statistics=0");
      }
    }
    inventory
        .excluded()
        .forEach(table -> arguments.add("--ignore-table=" + login.database() + "." + table));
    arguments.addAll(List.of("--", login.database()));
    return new ToolCommand(
        tools.dump(), arguments, new TreeMap<>(), login.scrubber(), settings.patience());
  }

  @Override
  public InputStream stream() {
    return stream;
  }

  @Override
  public Report finish() throws DriverException {
    ToolExit exit = process.finish();
    watch.rethrow(tools.dump());
    if (!exit.ok()) {
      throw Failures.explain(tools.dump(), exit, login);
    }
    String tool = String.valueOf(tools.dump().getFileName());
    scan.end();
    if (!atEnd || scan.problem().isPresent()) {
      throw new DriverException(
          Kind.DAMAGED,
          tool
              + " said that all is well, but "
              + scan.problem().orElse("its output was not read to its end")
              + "; nothing of it is kept");
    }
    Inventory after;
    try (Session session = Session.open(tools, login)) {
      after = Inventory.ask(session, login.database(), settings);
    }
    requireAll(tool, after);
    return new Report(scan.facts(), List.of(made), warnings(tool, exit, after));
  }

  /** What was there before and after must be in it; what came or went meanwhile may be. */
  private void requireAll(String tool, Inventory after) throws DriverException {
    if (scan.withoutRights()) {
      throw new DriverException(
          Kind.DENIED,
          tool
              + " may not read the source of a routine and left it out; as administrator, grant"
              + " SELECT ON mysql.proc (MariaDB) or SHOW_ROUTINE ON *.* (MySQL) to "
              + login.user());
    }
    Set<String> missing = new TreeSet<>(before.objects());
    missing.retainAll(after.objects());
    missing.removeAll(scan.objects());
    if (!missing.isEmpty()) {
      throw new DriverException(
          Kind.DAMAGED,
          tool
              + " said that all is well, but "
              + missing.size()
              + " of the database's objects are not in the dump: "
              + String.join(", ", missing.stream().limit(5).toList())
              + (missing.size() > 5 ? ", …" : "")
              + "; nothing of it is kept");
    }
  }

  private List<String> warnings(String tool, ToolExit exit, Inventory after) {
    List<String> warnings = new ArrayList<>();
    if (!exit.stderr().isBlank()) {
      warnings.add(tool + " said: " + KnownFailures.shorten(exit.stderr()));
    }
    if (scan.count("table") == 0) {
      warnings.add("database " + login.database() + " holds no tables");
    }
    some(
        after.notInSnapshot(),
        " of a storage engine without transactions: read as they were at their turn, not as of the"
            + " backup's moment",
        warnings);
    some(after.versioned(), " with a history of rows, which is not in a dump", warnings);
    return warnings;
  }

  private static void some(List<String> tables, String what, List<String> warnings) {
    if (!tables.isEmpty()) {
      warnings.add(
          tables.size()
              + " tables"
              + what
              + ": "
              + String.join(", ", tables.stream().limit(5).toList())
              + (tables.size() > 5 ? ", …" : ""));
    }
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      // The reason why we are here is the one to hear about.
    }
    process.close();
    watch.stop();
    login.close();
  }

  /** Reads along. */
  private final class Tap extends FilterInputStream {
    Tap(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = in.read(bytes, offset, length);
      if (n < 0) {
        atEnd = true;
      } else {
        scan.accept(bytes, offset, n);
      }
      return n;
    }

    @Override
    public long skip(long count) throws IOException {
      byte[] buffer = new byte[(int) Math.min(count, 1 << 16)];
      return Math.max(0, read(buffer, 0, buffer.length));
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
