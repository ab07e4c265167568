package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.spi.DriverException;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/**
 * What stands around replaced tables and can't move with them: views, triggers, routines and
 * events. Their text is written into the database that the tables go to before anything moves.
 */
final class Replaced {
  /** Definitions of the replaced events; as events they would run where they are kept. */
  private static final String EVENTS = "keepset_replaced_events";

  /** Views, triggers and routines, as the dump tool writes them; rows are whole lines. */
  private static final String CODE = "keepset_replaced_code";

  /** Tables that are no replaced ones. */
  static final List<String> OWN = List.of(EVENTS, CODE);

  /** Of a row, so that a statement stays below what any server takes. */
  private static final int ROW = 256 << 10;

  private static final int LIMIT = 64 << 20;

  private final Destination to;
  private final Login login;
  private final Loader loader;
  private final String now;
  private final String kept;
  private final List<String> notes;
  private boolean ours;
  private byte[] triggers = new byte[0];
  private byte[] code = new byte[0];
  private byte[] views = new byte[0];

  /**
   * @param notes for people, to add to
   */
  Replaced(Destination to, Login login, Loader loader, List<String> notes) {
    this.to = to;
    this.login = login;
    this.loader = loader;
    this.now = to.replaces();
    this.kept = to.kept();
    this.notes = notes;
  }

  /** Creates the database that the tables will go to, and writes the text there. */
  void keep(Inventory old) throws DriverException {
    triggers = text("--add-drop-trigger", "--triggers", "--skip-routines");
    code = text("--triggers", "--routines");
    views = views(old.names("view"));
    try (Session session = session()) {
      session.ask("CREATE DATABASE " + Sql.identifier(kept));
      ours = true;
      if (!old.names("event").isEmpty()) {
        session.ask(
            "CREATE TABLE "
                + Sql.identifier(kept, EVENTS)
                + " AS SELECT * FROM information_schema.EVENTS WHERE EVENT_SCHEMA = "
                + Sql.literal(now));
      }
      session.ask(
          "CREATE TABLE "
              + Sql.identifier(kept, CODE)
              + " (id INT AUTO_INCREMENT PRIMARY KEY, code LONGBLOB NOT NULL)");
      for (byte[] sql : List.of(code, views)) {
        write(session, sql);
      }
    }
  }

  private void write(Session session, byte[] sql) throws DriverException {
    int from = 0;
    while (from < sql.length) {
      int end = Math.min(sql.length, from + ROW);
      int line = end;
      while (line < sql.length && sql[line - 1] != '\n') {
        line++;
      }
      session.ask(
          "INSERT INTO "
              + Sql.identifier(kept, CODE)
              + " (code) VALUES (x'"
              + HexFormat.of().formatHex(sql, from, line)
              + "')");
      from = line;
    }
  }

  /** Only if it was made here, and as long as no table has moved. */
  void drop(Session session) throws DriverException {
    if (ours) {
      session.ask("DROP DATABASE IF EXISTS " + Sql.identifier(kept));
    }
  }

  void putTriggersBack() throws DriverException {
    loader.load(now, triggers);
  }

  /** For messages. */
  String where() {
    return "the text of replaced views, triggers and routines is in "
        + kept
        + "."
        + CODE
        + ", that of events in "
        + EVENTS
        + " beside it";
  }

  /** Makes it beside the tables that were moved; what can't be made is worth a note, no failure. */
  void makeAgain() {
    for (byte[] sql : List.of(code, views)) {
      if (sql.length > 0) {
        RestoreFilter filter = new RestoreFilter(kept, kept, to.definers(), true);
        try {
          loader.load(kept, client -> filter.pass(new ByteArrayInputStream(sql), client));
        } catch (DriverException e) {
          notes.add(
              "not all views, triggers and routines of the replaced database could be made in "
                  + kept
                  + ": "
                  + e.getMessage());
        }
      }
    }
  }

  /** What the server's own tool writes of the database that is there, without its tables. */
  private byte[] text(String... arguments) throws DriverException {
    List<String> all = new ArrayList<>(List.of("--no-data", "--no-create-info", "--skip-events"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--", now));
    return tool(all).stdout();
  }

  private byte[] views(List<String> names) throws DriverException {
    if (names.isEmpty()) {
      return new byte[0];
    }
    List<String> all = new ArrayList<>(List.of("--no-data", "--skip-triggers", "--force"));
    all.addAll(List.of("--", now));
    all.addAll(names);
    // A view may be broken, and be the reason for the restore.
    ToolProcess.Output output = run(all);
    if (!output.exit().ok()) {
      notes.add("not all replaced views are kept: " + output.exit().stderr().strip());
    }
    return output.stdout();
  }

  private ToolProcess.Output tool(List<String> arguments) throws DriverException {
    ToolProcess.Output output = run(arguments);
    if (!output.exit().ok()) {
      throw Failures.explain(to.tools().dump(), output.exit(), login);
    }
    return output;
  }

  private ToolProcess.Output run(List<String> arguments) throws DriverException {
    List<String> all = new ArrayList<>(List.of(login.optionFile(to.tools())));
    all.addAll(List.of("--single-transaction", "--default-character-set=utf8mb4"));
    if (to.tools().flavour() == Flavour.MYSQL) {
      all.addAll(List.of("--set-gtid-purged=OFF", "--no-tablespaces"));
    }
    all.addAll(arguments);
    return ToolProcess.run(
        new ToolCommand(to.tools().dump(), all, new TreeMap<>(), login.scrubber(), to.silence()),
        LIMIT);
  }

  private Session session() throws DriverException {
    return Session.open(to.tools(), login);
  }
}
