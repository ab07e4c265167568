package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.tool.ToolExit;
import io.keepset.drivers.tool.Undoing;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A restore, always into a database of its own. Only when that is complete, and the existing one is
 * to be replaced, the two change names in one transaction; the replaced one is kept. So whatever
 * fails, what was there before is there after.
 */
final class PostgresRestore {
  private final Destination to;
  private final Login login;
  private final ArtifactFacts facts;
  private final List<String> notes;

  PostgresRestore(Destination to, Login login, ArtifactFacts facts) {
    this.to = to;
    this.login = login;
    this.facts = facts;
    this.notes = new ArrayList<>(to.notes());
  }

  RestoreReport run(InputStream artifact, RestorePipe pipe) throws DriverException {
    create();
    try {
      Arrival arrival = new Arrival();
      ToolExit exit = pipe.run(arrival.watch(artifact), to);
      if (!exit.ok()) {
        throw Failures.explain("pg_restore", exit, login);
      }
      try (Psql restored = Psql.openRaw(to.tools(), login, to.database())) {
        arrival.require(restored);
      }
      if (!exit.stderr().isBlank()) {
        notes.add("pg_restore said: " + Failures.shorten(exit.stderr()));
      }
    } catch (DriverException | RuntimeException e) {
      throw dropAgain(e);
    }
    notes.add("planner statistics are not part of a dump: run ANALYZE in " + to.replaces());
    if (to.over()) {
      swap();
    }
    RestoreReport report =
        new RestoreReport("database " + to.replaces() + " on " + login.where(), notes);
    return to.over() ? report : report.at("database", to.replaces());
  }

  private void create() throws DriverException {
    String create = "CREATE DATABASE " + Psql.identifier(to.database()) + " TEMPLATE template0";
    String options = CreateOptions.of(facts, to.server());
    try (Psql session = session()) {
      session.ask(create + options);
    } catch (DriverException e) {
      if (!e.getMessage().contains("locale")) {
        throw e;
      }
      // Data is worth more than sort order: take the server's own locale, and say so.
      String encoding = CreateOptions.encoding(facts);
      try (Psql session = session()) {
        session.ask(create + " ENCODING = " + Psql.literal(encoding));
      }
      notes.add(
          "the server lacks the backup's locale ("
              + options.strip()
              + "); its own was taken, so text may sort otherwise");
    }
  }

  private DriverException dropAgain(Exception cause) {
    String end = Undoing.despiteInterrupt(this::dropped);
    Kind kind = cause instanceof DriverException driver ? driver.kind() : Kind.TRANSIENT;
    return new DriverException(kind, cause.getMessage() + end, cause);
  }

  private String dropped() {
    try (Psql session = session()) {
      String force = to.server().major() >= 13 ? " WITH (FORCE)" : "";
      session.ask("DROP DATABASE IF EXISTS " + Psql.identifier(to.database()) + force);
      return to.over()
          ? "; database " + to.replaces() + " is as it was"
          : "; the half-restored database " + to.database() + " was dropped again";
    } catch (DriverException e) {
      return "; the half-restored database "
          + to.database()
          + " could not be dropped ("
          + e.getMessage()
          + "): drop it by hand";
    }
  }

  private void swap() throws DriverException {
    String now = Psql.identifier(to.replaces());
    String restored = Psql.identifier(to.database());
    String renames =
        "ALTER DATABASE "
            + now
            + " RENAME TO "
            + Psql.identifier(to.kept())
            + "; ALTER DATABASE "
            + restored
            + " RENAME TO "
            + now;
    try (Psql session = session()) {
      for (String statement : session.ask(DatabaseProperties.copy(to.replaces(), to.database()))) {
        session.ask(statement);
      }
      List<String> sessions = Destination.sessions(session, to.replaces());
      if (!sessions.isEmpty()) {
        throw new DriverException(
            Kind.REJECTED, Destination.sessionsInTheWay(to.replaces(), sessions));
      }
      session.ask("BEGIN; " + renames + "; COMMIT");
    } catch (DriverException e) {
      throw new DriverException(
          e.kind(),
          "the backup is restored completely, into database "
              + to.database()
              + ", but could not take the place of "
              + to.replaces()
              + ", which is as it was: "
              + e.getMessage()
              + ". Then run: BEGIN; "
              + renames
              + "; COMMIT",
          e);
    }
    notes.add(
        "the database that was there is kept as "
            + to.kept()
            + "; when you no longer need it: DROP DATABASE "
            + Psql.identifier(to.kept()));
  }

  private Psql session() throws DriverException {
    return Psql.open(to.tools(), login);
  }
}
