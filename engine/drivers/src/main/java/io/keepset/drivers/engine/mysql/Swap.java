package io.keepset.drivers.engine.mysql;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
  /** How long the connection that moves may take to end. */
  private static final Duration ENDING = Duration.ofMinutes(1);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Destination to;
  private final Login login;
  private final Loader loader;
  private final String now;
  private final String restored;
  private final String kept;
  private final List<String> notes = new ArrayList<>();
  private final Replaced replaced;
  private String moving = "";

  Swap(Destination to, Login login, Loader loader) {
    this.to = to;
    this.login = login;
    this.loader = loader;
    this.now = to.replaces();
    this.restored = to.database();
    this.kept = to.kept();
    this.replaced = new Replaced(to, login, loader, notes);
  }

  /**
   * @return notes for people
   */
  List<String> run(RestoreFilter dump) throws DriverException {
    Inventory old;
    Inventory found;
    try {
      try (Session session = session()) {
        old = Inventory.ask(session, now, Settings.ALL);
        found = Inventory.ask(session, restored, Settings.ALL);
      }
      replaced.keep(old);
    } catch (DriverException | RuntimeException e) {
      throw giveUp(e);
    }
    try {
      move(old, found);
    } catch (DriverException | RuntimeException e) {
      throw undo(e, found);
    }
    try {
      replaced.makeAgain();
      replaceCode(old, dump);
    } catch (DriverException | RuntimeException e) {
      throw halfWay(e);
    }
    notes.add(
        "the tables that were there are kept in database "
            + kept
            + "; "
            + replaced.where()
            + "; when you no longer need them: DROP DATABASE "
            + Sql.identifier(kept));
    return notes;
  }

  /** The one step that counts. */
  private void move(Inventory old, Inventory found) throws DriverException {
    List<String> renames = new ArrayList<>();
    tables(old).forEach(table -> renames.add(rename(now, kept, table)));
    tables(found).forEach(table -> renames.add(rename(restored, now, table)));
    try (Session session = Session.open(to.tools(), login, to.silence())) {
      moving = session.askOne("SELECT CONNECTION_ID()");
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
    }
  }

  /** The answer of a statement may be lost, and the statement be done or still be waiting. */
  private boolean moved(Inventory found) throws DriverException {
    endMove();
    try (Session session = session()) {
      List<String> there = new ArrayList<>(tables(Inventory.ask(session, kept, Settings.ALL)));
      there.removeAll(Replaced.OWN);
      return !there.isEmpty()
          || !tables(Inventory.ask(session, restored, Settings.ALL)).containsAll(tables(found));
    }
  }

  private void endMove() throws DriverException {
    String running = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = " + moving;
    Instant end = Instant.now().plus(ENDING);
    try (Session session = session()) {
      while (!moving.isEmpty() && !session.askOne(running).equals("0")) {
        try (Session killer = session()) {
          killer.ask("KILL " + moving);
        } catch (DriverException e) {
          // It has ended by itself, or the next look tells that it has not.
        }
        if (Instant.now().isAfter(end)) {
          throw new DriverException(Kind.TRANSIENT, "connection " + moving + " does not end");
        }
        Thread.sleep(PAUSE.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, "it was interrupted", e);
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

  private DriverException giveUp(Exception cause) {
    String end;
    try (Session session = session()) {
      replaced.drop(session);
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
    return failure(cause, end);
  }

  /** Nothing is dropped unless the tables are where they were, for sure. */
  private DriverException undo(Exception cause, Inventory found) {
    boolean moved;
    try {
      moved = moved(found);
    } catch (DriverException | RuntimeException e) {
      return failure(
          cause,
          "; whether the tables changed places could not be asked ("
              + e.getMessage()
              + "), so nothing was dropped: those of database "
              + now
              + " are there or in "
              + kept
              + ", the backup's in "
              + restored
              + " or in "
              + now
              + "; "
              + replaced.where());
    }
    if (moved) {
      return halfWay(cause);
    }
    try {
      replaced.putTriggersBack();
    } catch (DriverException | RuntimeException e) {
      return failure(
          cause,
          "; the tables of database "
              + now
              + " are as they were, but its triggers could not be put back: "
              + e.getMessage()
              + "; "
              + replaced.where());
    }
    return giveUp(cause);
  }

  private DriverException halfWay(Exception cause) {
    return new DriverException(
        kind(cause),
        "the backup's tables and rows are in database "
            + now
            + ", those that were there are in "
            + kept
            + ", but views, triggers, routines or events of the backup are missing: "
            + cause.getMessage()
            + ". Mend that and restore over it again; "
            + replaced.where(),
        cause);
  }

  private static DriverException failure(Exception cause, String end) {
    return new DriverException(kind(cause), cause.getMessage() + end, cause);
  }

  private static Kind kind(Exception cause) {
    return cause instanceof DriverException driver ? driver.kind() : Kind.TRANSIENT;
  }

  private Session session() throws DriverException {
    return Session.open(to.tools(), login);
  }
}
