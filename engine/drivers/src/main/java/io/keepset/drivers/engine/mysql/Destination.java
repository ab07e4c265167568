package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.tool.Silence;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a backup goes, after everything that could be checked beforehand was; nothing is touched
 * yet.
 *
 * @param database that is written; with OVER a scratch name, whose tables are swapped in at the end
 * @param replaces name of the existing database with OVER, else the same as {@code database}
 * @param definers whether views and routines run as whom they did
 * @param lockWait how long the swap waits for locks
 * @param silence how long a tool may take nothing in and not end
 * @param stamp of this restore, for names: {@code 20261121t230700}
 */
record Destination(
    Tools tools,
    String database,
    String replaces,
    boolean definers,
    String stamp,
    Duration lockWait,
    Duration silence,
    List<String> notes) {
  private static final int NAME_LIMIT = 64;

  static Destination check(
      Session session, ArtifactFacts facts, Source target, Login login, RestoreRequest request)
      throws DriverException {
    ServerVersion server = ServerVersion.ask(session);
    requireVersion(facts, server);
    Tools tools = Tools.of(server, target.options());
    String stamp = session.askOne("SELECT DATE_FORMAT(UTC_TIMESTAMP(), '%Y%m%dt%H%i%s')");
    Grants grants = Grants.ask(session, server);
    Duration lockWait = Settings.of(target.options()).lockWait();
    Duration silence = Silence.whileRestoring(target.options());
    List<String> notes = new ArrayList<>();
    String name = login.database();
    if (request.mode() == Mode.NEW) {
      String chosen = request.newName().orElse(cut(name, "_restored_" + stamp));
      requireFree(session, chosen);
      Rights.requireToRestore(session, grants, login, List.of(chosen));
      boolean definers = definers(session, grants, facts, target, false, notes);
      return new Destination(tools, chosen, chosen, definers, stamp, lockWait, silence, notes);
    }
    if (request.mode() != Mode.OVER) {
      throw request.mode().notListed();
    }
    requireReplaceable(session, name);
    boolean definers = definers(session, grants, facts, target, true, notes);
    requireCode(session, grants, server, login);
    Destination to =
        new Destination(
            tools,
            cut(name, "_restoring_" + stamp),
            name,
            definers,
            stamp,
            lockWait,
            silence,
            notes);
    Rights.requireToRestore(session, grants, login, List.of(name, to.database(), to.kept()));
    return to;
  }

  /** Database into which the replaced tables go. */
  String kept() {
    return cut(replaces, "_before_" + stamp);
  }

  boolean over() {
    return !database.equals(replaces);
  }

  private static void requireVersion(ArtifactFacts facts, ServerVersion server)
      throws DriverException {
    String text = facts.values().getOrDefault("server_version", "");
    ServerVersion dumped = ServerVersion.of(text);
    if (dumped.flavour() != server.flavour()) {
      throw rejected(
          "the backup is of "
              + dumped.name()
              + ", the target server is "
              + server.name()
              + ": the two write SQL that the other does not read for sure (collations, JSON,"
              + " sequences, accounts); restore into "
              + dumped.flavour().title()
              + ", or move the data by hand: keepset backup download gives the .sql file");
    }
    if (dumped.series() > server.series()) {
      throw rejected(
          "the backup is of "
              + dumped.name()
              + ", the target server is "
              + server.name()
              + ": a dump restores into the same or a newer series only; choose a target with "
              + dumped.major()
              + "."
              + dumped.minor()
              + " or newer");
    }
  }

  private static void requireFree(Session session, String name) throws DriverException {
    if (name.isBlank()
        || name.codePointCount(0, name.length()) > NAME_LIMIT
        || name.endsWith(" ")
        || name.indexOf('\0') >= 0) {
      throw rejected(
          "\""
              + name
              + "\" can't be a database's name: 1 to "
              + NAME_LIMIT
              + " characters are allowed, and no blank at the end");
    }
    if (exists(session, name)) {
      throw rejected(
          "there is a database " + name + " already; choose another name, or restore over it");
    }
  }

  private static void requireReplaceable(Session session, String name) throws DriverException {
    if (!exists(session, name)) {
      throw new DriverException(
          Kind.NOT_FOUND,
          "there is no database " + name + " to restore over; restore into a new one of that name");
    }
    List<String> outside =
        session.ask(
            "SELECT DISTINCT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) FROM"
                + " information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = "
                + Sql.literal(name)
                + " AND TABLE_SCHEMA <> "
                + Sql.literal(name));
    if (!outside.isEmpty()) {
      throw rejected(
          "foreign keys of other databases refer to tables of "
              + name
              + " ("
              + String.join(", ", outside.stream().limit(5).toList())
              + ") and would follow the replaced ones; restore into a new database, or drop those"
              + " foreign keys first");
    }
  }

  /**
   * What stands around the tables there must be readable, and its triggers made again if need be.
   */
  private static void requireCode(Session session, Grants grants, ServerVersion server, Login login)
      throws DriverException {
    Inventory there = Inventory.ask(session, login.database(), Settings.ALL);
    if (!grants.readsRoutines(login.database())
        && there.objects().stream().anyMatch(object -> object.matches("(?s)[fp][-a-z]+ .*"))) {
      throw new DriverException(
          Kind.DENIED,
          "login "
              + login.user()
              + " may not read the routines of database "
              + login.database()
              + ", which are kept when it is replaced; "
              + Rights.hint(session, server));
    }
    List<String> owners =
        session.ask(
            "SELECT DISTINCT DEFINER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = "
                + Sql.literal(login.database())
                + " AND DEFINER <> CURRENT_USER()");
    if (!owners.isEmpty() && !grants.setsDefiners()) {
      throw new DriverException(
          Kind.DENIED,
          "database "
              + login.database()
              + " has triggers that run as "
              + String.join(", ", owners)
              + "; login "
              + login.user()
              + " could not put them back if the restore over it failed: as administrator, grant"
              + " it SET USER (MariaDB), or SET_ANY_DEFINER or SET_USER_ID (MySQL)");
    }
  }

  private static boolean exists(Session session, String name) throws DriverException {
    return !session
        .ask("SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = " + Sql.literal(name))
        .isEmpty();
  }

  /** Decides as whom views and routines run; over an existing database as before, or not at all. */
  private static boolean definers(
      Session session,
      Grants grants,
      ArtifactFacts facts,
      Source target,
      boolean must,
      List<String> notes)
      throws DriverException {
    Optional<Boolean> wanted = Settings.of(target.options()).definers();
    String me = session.askOne("SELECT CURRENT_USER()");
    List<String> others =
        Arrays.stream(facts.values().getOrDefault("definers", "").split(", ", -1))
            .filter(account -> !account.isEmpty() && !account.equals(me))
            .toList();
    if (others.isEmpty()) {
      return true;
    }
    if (wanted.isPresent() && !wanted.get()) {
      notes.add("views, triggers, routines and events run as " + me + " (option definers: false)");
      return false;
    }
    if (grants.setsDefiners()) {
      missing(session, grants, others, notes);
      return true;
    }
    String why =
        "they ran as "
            + String.join(", ", others)
            + ", and login "
            + me
            + " may not say so (SET USER in MariaDB, SET_ANY_DEFINER or SET_USER_ID in MySQL)";
    if (must || wanted.isPresent()) {
      throw new DriverException(
          Kind.DENIED,
          "views, triggers, routines and events can't be restored as they were: "
              + why
              + "; grant that, or set option definers: false to let them run as "
              + me);
    }
    notes.add("views, triggers, routines and events run as " + me + ": " + why);
    return false;
  }

  private static void missing(
      Session session, Grants grants, List<String> accounts, List<String> notes)
      throws DriverException {
    if (!grants.hasOn("mysql", "user", "SELECT")) {
      return;
    }
    List<String> there = session.ask("SELECT CONCAT(User, '@', Host) FROM mysql.user");
    List<String> gone = accounts.stream().filter(name -> !there.contains(name)).toList();
    if (!gone.isEmpty()) {
      notes.add(
          "the server has no account "
              + String.join(", ", gone)
              + ": what runs as one of them fails when it is used; create them");
    }
  }

  private static DriverException rejected(String message) {
    return new DriverException(Kind.REJECTED, message);
  }

  /** A name with an ending, short enough, cut between characters. */
  private static String cut(String name, String ending) {
    int room = NAME_LIMIT - ending.length();
    return name.codePointCount(0, name.length()) <= room
        ? name + ending
        : name.substring(0, name.offsetByCodePoints(0, room)) + ending;
  }
}
