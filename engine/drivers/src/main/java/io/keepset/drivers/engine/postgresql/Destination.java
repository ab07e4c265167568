package io.keepset.drivers.engine.postgresql;

import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where a restore goes, after everything that can be known beforehand was checked. Nothing was
 * touched yet.
 *
 * @param database that is written; with OVER a scratch name, swapped in at the end
 * @param replaces name of the existing database with OVER, else the same as {@code database}
 * @param owners whether owners and grants are restored
 * @param stamp of this restore, for names: {@code 20261121t230700}
 */
record Destination(
    ServerVersion server,
    Tools tools,
    String database,
    String replaces,
    boolean owners,
    String stamp,
    List<String> notes) {

  /** Archive format 1.15 came with PostgreSQL 16, 1.16 with 17. */
  private static final int FORMAT_OF_16 = 15;

  private static final int NAME_LIMIT = 63;

  static Destination check(Psql session, ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    ServerVersion server = ServerVersion.ask(session);
    String dumped = facts.values().getOrDefault("server_version", "");
    if (ServerVersion.majorOf(dumped) > server.major()) {
      throw rejected(
          "the backup is of PostgreSQL "
              + dumped.split(" ", 2)[0]
              + ", the target server is "
              + server.brief()
              + ": a dump restores into the same or a newer major version only; choose a target"
              + " with "
              + ServerVersion.majorOf(dumped)
              + " or newer");
    }
    Tools tools = toolsFor(facts, server, target.options());
    String stamp =
        session.askOne("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD\"t\"HH24MISSMS')");
    List<String> notes = new ArrayList<>();
    checkExtensions(session, facts);
    return switch (request.mode()) {
      case NEW -> {
        String name = request.newName().orElse(cut(Login.databaseOf(target), "_restored_" + stamp));
        checkNew(session, name);
        yield new Destination(
            server, tools, name, name, owners(session, facts, target, false, notes), stamp, notes);
      }
      case OVER -> {
        String name = Login.databaseOf(target);
        checkOver(session, name);
        boolean owners = owners(session, facts, target, true, notes);
        yield new Destination(
            server, tools, cut(name, "_restoring_" + stamp), name, owners, stamp, notes);
      }
      case MERGE -> throw request.mode().notListed();
    };
  }

  /** Name under which the replaced database stays. */
  String kept() {
    return cut(replaces, "_before_" + stamp);
  }

  boolean over() {
    return !database.equals(replaces);
  }

  /** Sessions in a database, for people; empty if there is none. */
  static List<String> sessions(Psql session, String database) throws DriverException {
    return session.ask(
        "SELECT format('%s (user %s, application %s, from %s)', pid, usename,"
            + " coalesce(nullif(application_name, ''), 'unnamed'),"
            + " coalesce(host(client_addr), 'the socket')) FROM pg_stat_activity WHERE datname = "
            + Psql.literal(database)
            + " AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY pid");
  }

  static String sessionsInTheWay(String database, List<String> sessions) {
    return sessions.size()
        + " sessions use database "
        + database
        + ": "
        + String.join("; ", sessions.subList(0, Math.min(5, sessions.size())))
        + (sessions.size() > 5 ? "; …" : "")
        + ". Stop what connects, or end them: SELECT pg_terminate_backend(pid) FROM"
        + " pg_stat_activity WHERE datname = "
        + Psql.literal(database);
  }

  private static Tools toolsFor(ArtifactFacts facts, ServerVersion server, Options options)
      throws DriverException {
    int format =
        Integer.parseInt(facts.values().getOrDefault("archive_format", "1.14").substring(2));
    int reads = format < FORMAT_OF_16 ? Tools.OLDEST_SERVER : format + 1;
    int least = Math.max(reads, server.major());
    return Tools.atLeast(
        least,
        "the server is PostgreSQL "
            + server.brief()
            + " and the backup was made by pg_dump "
            + facts.values().getOrDefault("tool_version", "of unknown version"),
        options);
  }

  private static void checkNew(Psql session, String name) throws DriverException {
    if (name.isBlank() || name.getBytes(StandardCharsets.UTF_8).length > NAME_LIMIT) {
      throw rejected(
          "\"" + name + "\" can't be a database's name: 1 to " + NAME_LIMIT + " bytes are allowed");
    }
    if (exists(session, name)) {
      throw rejected(
          "there is a database " + name + " already; choose another name, or restore over it");
    }
    if (!session.askBoolean(
        "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user")) {
      throw mayNotCreate(session.askOne("SELECT current_user"));
    }
  }

  private static void checkOver(Psql session, String name) throws DriverException {
    if (!exists(session, name)) {
      throw new DriverException(
          Kind.NOT_FOUND,
          "there is no database " + name + " to restore over; restore into a new one of that name");
    }
    if (session.askOne("SELECT current_database()").equals(name)) {
      throw rejected(
          "database "
              + name
              + " can't be replaced from inside; set connection.maintenance_database to another"
              + " one, such as template1");
    }
    if (!session.askBoolean(
        "SELECT rolsuper OR rolcreatedb AND pg_has_role(d.datdba, 'MEMBER') FROM pg_roles,"
            + " pg_database d WHERE rolname = current_user AND d.datname = "
            + Psql.literal(name))) {
      throw new DriverException(
          Kind.DENIED,
          "login "
              + session.askOne("SELECT current_user")
              + " may not replace database "
              + name
              + ": it must be superuser, or own it and have CREATEDB; name such a login in"
              + " connection.restore_user");
    }
    List<String> sessions = sessions(session, name);
    if (!sessions.isEmpty()) {
      throw rejected(sessionsInTheWay(name, sessions));
    }
  }

  /** Decides whether owners and grants come back; over an existing database they must. */
  private static boolean owners(
      Psql session, ArtifactFacts facts, Source target, boolean must, List<String> notes)
      throws DriverException {
    if (!target.options().flag("owners", true)) {
      notes.add("owners and grants were left out (option owners: false)");
      return false;
    }
    Set<String> missing = new HashSet<>(Contents.split(facts.values().getOrDefault("roles", "")));
    missing.removeAll(session.ask("SELECT rolname FROM pg_roles"));
    boolean superuser =
        session.askBoolean("SELECT rolsuper FROM pg_roles WHERE rolname = current_user");
    if (missing.isEmpty() && superuser) {
      return true;
    }
    String why =
        missing.isEmpty()
            ? "login " + session.askOne("SELECT current_user") + " is not superuser"
            : "the server lacks the roles "
                + String.join(", ", missing.stream().sorted().toList())
                + " (the backup's "
                + Globals.FILE
                + " creates them)";
    if (must || target.options().get("owners").isPresent()) {
      throw rejected(
          "owners and grants can't be restored: "
              + why
              + "; mend that, or set option owners: false to restore without them");
    }
    notes.add("owners and grants were left out: " + why);
    return false;
  }

  private static void checkExtensions(Psql session, ArtifactFacts facts) throws DriverException {
    List<String> missing =
        new ArrayList<>(Contents.split(facts.values().getOrDefault("extensions", "")));
    missing.removeAll(session.ask("SELECT name FROM pg_available_extensions"));
    if (!missing.isEmpty()) {
      throw rejected(
          "the target server lacks the extensions "
              + String.join(", ", missing)
              + "; install their packages there first");
    }
  }

  private static boolean exists(Psql session, String name) throws DriverException {
    return session.askBoolean(
        "SELECT EXISTS (SELECT FROM pg_database WHERE datname = " + Psql.literal(name) + ")");
  }

  private static DriverException mayNotCreate(String user) {
    return new DriverException(
        Kind.DENIED,
        "login "
            + user
            + " may not create databases; as superuser: ALTER ROLE "
            + Psql.identifier(user)
            + " CREATEDB, or name another login in connection.restore_user");
  }

  private static DriverException rejected(String message) {
    return new DriverException(Kind.REJECTED, message);
  }

  /** A name with an ending, short enough for PostgreSQL, cut between characters. */
  private static String cut(String name, String ending) {
    String start = name;
    while ((start + ending).getBytes(StandardCharsets.UTF_8).length > NAME_LIMIT) {
      start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
    }
    return start + ending;
  }
}
