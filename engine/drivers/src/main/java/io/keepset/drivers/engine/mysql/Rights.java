package io.keepset.drivers.engine.mysql;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.ArrayList;
import java.util.List;

/** What a login must be granted, and the statements that do it. */
final class Rights {
  private static final List<String> TO_RESTORE =
      List.of(
          "SELECT",
          "INSERT",
          "CREATE",
          "DROP",
          "ALTER",
          "INDEX",
          "REFERENCES",
          "LOCK TABLES",
          "CREATE VIEW",
          "SHOW VIEW",
          "CREATE ROUTINE",
          "ALTER ROUTINE",
          "EVENT",
          "TRIGGER");

  private Rights() {}

  /**
   * Refuses to dump as a login from whom something may be hidden.
   *
   * @throws DriverException DENIED with the statements that mend it
   */
  static void requireToDump(Session session, ServerVersion server, Login login, Settings settings)
      throws DriverException {
    List<String> missing = missingToDump(session, server, login, settings);
    if (!missing.isEmpty()) {
      throw new DriverException(
          Kind.DENIED,
          "login "
              + login.user()
              + " may not see all of database "
              + login.database()
              + " on "
              + login.where()
              + ", and what it may not see would be missing without a word; "
              + "as administrator: "
              + String.join("; ", missing));
    }
  }

  /** Statements that grant what is missing; empty if nothing is. */
  static List<String> missingToDump(
      Session session, ServerVersion server, Login login, Settings settings)
      throws DriverException {
    Grants grants = Grants.ask(session, server);
    String account = account(session);
    List<String> wanted = new ArrayList<>(List.of("SELECT", "SHOW VIEW"));
    if (settings.dumps("triggers")) {
      wanted.add("TRIGGER");
    }
    if (settings.dumps("events")) {
      wanted.add("EVENT");
    }
    List<String> statements = new ArrayList<>();
    List<String> missing = grants.missing(login.database(), wanted);
    if (!missing.isEmpty()) {
      statements.add(
          "GRANT "
              + String.join(", ", missing)
              + " ON "
              + Sql.identifier(login.database())
              + ".* TO "
              + account);
    }
    if (settings.dumps("routines") && !grants.readsRoutines(login.database())) {
      statements.add(routines(server) + account);
    }
    return statements;
  }

  /** What a login for backups needs, from nothing. */
  static String leastStatements(ServerVersion server, Login login) {
    return "CREATE USER backup IDENTIFIED BY '…'; GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON "
        + Sql.identifier(login.database())
        + ".* TO backup; "
        + routines(server)
        + "backup";
  }

  private static String routines(ServerVersion server) {
    if (!server.mariadb() && server.series() >= 800) {
      return "GRANT SHOW_ROUTINE ON *.* TO ";
    }
    return server.mariadb() && server.series() >= 1103
        ? "GRANT SHOW CREATE ROUTINE ON *.* TO "
        : "GRANT SELECT ON mysql.proc TO ";
  }

  /** How to let the login read the source of routines. */
  static String hint(Session session, ServerVersion server) throws DriverException {
    return "as administrator: " + routines(server) + account(session);
  }

  /** What the login lacks to make and fill databases. */
  static void requireToRestore(Session session, Grants grants, Login login, List<String> databases)
      throws DriverException {
    for (String database : databases) {
      List<String> missing = grants.missing(database, TO_RESTORE);
      if (!missing.isEmpty()) {
        throw new DriverException(
            Kind.DENIED,
            "login "
                + login.user()
                + " may not make and fill database "
                + database
                + " on "
                + login.where()
                + "; as administrator: GRANT "
                + String.join(", ", missing)
                + " ON "
                + Sql.identifier(database)
                + ".* TO "
                + account(session)
                + " (or a pattern of names), or name another login in connection.restore_user");
      }
    }
  }

  private static String account(Session session) throws DriverException {
    String account = session.askOne("SELECT CURRENT_USER()");
    int at = account.lastIndexOf('@');
    return Sql.literal(account.substring(0, at)) + "@" + Sql.literal(account.substring(at + 1));
  }
}
