package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * Puts a restored database in the place of an existing one. No statement renames a database, but
 * one statement renames any number of tables, all or none. Tables with triggers, views, routines
 * and events can't move: they are made anew, from the backup in the final place and from the
 * server's own text where the replaced tables go.
 *
 * <p>Nothing is lost at any moment: the replaced tables are in one database or the other, what was
 * written about them is kept before the first of it is dropped, and the backup is in its store.
 */
final class Swap {
  /** Definitions of the replaced events; as events they would run where they are kept. */
  private static final String EVENTS = "keepset_replaced_events";

  private static final int LIMIT = 64 << 20;
  private static final Duration PATIENCE = Duration.ofHours(24);

  private final Destination to;
  private final Login login;
  private final Loader loader;
  private final String now;
  private final String restored;
  private final String kept;
  private final List<String> notes = new ArrayList<>();

  Swap(Destination to, Login login, Loader loader) {
    this.to = to;
    this.login = login;
    this.loader = loader;
    this.now = to.replaces();
    this.restored = to.database();
    this.kept = to.kept();
  }

  /**
   * @return notes for people
   */
  List<String> run(RestoreFilter dump) throws DriverException {
    Inventory old;
    byte[] oldTriggers;
    byte[] oldCode;
    byte[] oldViews;
    try {
      Inventory found;
      try (Session session = session()) {
        old = Inventory.ask(session, now, Settings.ALL);
        found = Inventory.ask(session, restored, Settings.ALL);
      }
      oldTriggers = text("--add-drop-trigger", "--triggers", "--skip-routines");
      oldCode = text("--triggers", "--routines");
      oldViews = views(old.names("view"));
      keepEvents(old);
      move(old, found, oldTriggers);
    } catch (DriverException | RuntimeException e) {
      throw giveUp(e);
    }
    try {
      replaceCode(old, dump);
    } catch (DriverException e) {
      throw halfWay(e);
    }
    keepCode(oldCode, oldViews);
    notes.add(
        "the tables that were there are kept in database "
            + kept
            + (old.names("event").isEmpty() ? "" : ", the text of its events in " + EVENTS)
            + "; when you no longer need them: DROP DATABASE "
            + Sql.identifier(kept));
    return notes;
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
        new ToolCommand(to.tools().dump(), all, new TreeMap<>(), login.scrubber(), PATIENCE),
        LIMIT);
  }

  private void keepEvents(Inventory old) throws DriverException {
    try (Session session = session()) {
      session.ask("CREATE DATABASE " + Sql.identifier(kept));
      if (!old.names("event").isEmpty()) {
        session.ask(
            "CREATE TABLE "
                + Sql.identifier(kept, EVENTS)
                + " AS SELECT * FROM information_schema.EVENTS WHERE EVENT_SCHEMA = "
                + Sql.literal(now));
      }
    }
  }

  /** The one step that counts. */
  private void move(Inventory old, Inventory found, byte[] oldTriggers) throws DriverException {
    List<String> renames = new ArrayList<>();
    tables(old).forEach(table -> renames.add(rename(now, kept, table)));
    tables(found).forEach(table -> renames.add(rename(restored, now, table)));
    try (Session session = Session.open(to.tools(), login, PATIENCE)) {
      session.ask("SET SESSION lock_wait_timeout = " + to.lockWait().toSeconds());
      for (String trigger : found.names("trigger")) {
        session.ask("DROP TRIGGER " + Sql.identifier(restored, trigger));
      }
      for (String trigger : old.names("trigger")) {
        session.ask("DROP TRIGGER " + Sql.identifier(now, trigger));
      }
      if (!renames.isEmpty()) {
        session.ask("RENAME TABLE " + String.join(", ", renames));
      }
    } catch (DriverException | RuntimeException e) {
      if (!moved(old)) {
        loader.load(now, oldTriggers);
      }
      throw e;
    }
  }

  private boolean moved(Inventory old) throws DriverException {
    try (Session session = session()) {
      List<String> there = Inventory.ask(session, kept, Settings.ALL).names("table");
      return tables(old).stream().anyMatch(there::contains);
    }
  }

  private static String rename(String from, String into, String table) {
    return Sql.identifier(from, table) + " TO " + Sql.identifier(into, table);
  }

  private static List<String> tables(Inventory inventory) {
    List<String> all = new ArrayList<>(inventory.names("table"));
    all.addAll(inventory.names("sequence"));
    return all;
  }

  private void replaceCode(Inventory old, RestoreFilter dump) throws DriverException {
    try (Session session = session()) {
      drop(session, old, List.of("view", "procedure", "function", "event"));
      if (!old.names("package").isEmpty()) {
        // The word is known in this mode only; bodies go with their packages.
        session.ask("SET SESSION sql_mode = ORACLE");
        drop(session, old, List.of("package"));
        session.ask("SET SESSION sql_mode = ''");
      }
      String properties =
          session.askOne(
              "SELECT CONCAT('CHARACTER SET ', DEFAULT_CHARACTER_SET_NAME, ' COLLATE ',"
                  + " DEFAULT_COLLATION_NAME) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = "
                  + Sql.literal(restored));
      session.ask("ALTER DATABASE " + Sql.identifier(now) + " " + properties);
    }
    loader.load(now, dump.code());
    loader.load(now, dump.events());
    try (Session session = session()) {
      session.ask("DROP DATABASE " + Sql.identifier(restored));
    }
  }

  private void drop(Session session, Inventory old, List<String> kinds) throws DriverException {
    for (String kind : kinds) {
      for (String name : old.names(kind)) {
        session.ask("DROP " + kind.toUpperCase(Locale.ROOT) + " " + Sql.identifier(now, name));
      }
    }
  }

  /** What was around the replaced tables is worth a note, not a failure. */
  private void keepCode(byte[] code, byte[] views) {
    for (byte[] sql : List.of(code, views)) {
      if (sql.length > 0) {
        RestoreFilter filter = new RestoreFilter(kept, kept, to.definers());
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

  private DriverException giveUp(Exception cause) {
    String end;
    try (Session session = session()) {
      session.ask("DROP DATABASE IF EXISTS " + Sql.identifier(kept));
      session.ask("DROP DATABASE IF EXISTS " + Sql.identifier(restored));
      end = "; database " + now + " is as it was";
    } catch (DriverException e) {
      end =
          "; database "
              + now
              + " is as it was, but "
              + restored
              + " and "
              + kept
              + " could not be dropped: "
              + e.getMessage();
    }
    Kind kind = cause instanceof DriverException driver ? driver.kind() : Kind.TRANSIENT;
    return new DriverException(kind, cause.getMessage() + end, cause);
  }

  private DriverException halfWay(DriverException cause) {
    return new DriverException(
        cause.kind(),
        "the backup's tables and rows are in database "
            + now
            + ", those that were there are in "
            + kept
            + ", but views, triggers, routines or events of the backup are missing: "
            + cause.getMessage()
            + ". Mend that and restore over it again",
        cause);
  }

  private Session session() throws DriverException {
    return Session.open(to.tools(), login);
  }
}
