package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.tool.Undoing;
import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A restore, always into a database of its own. Only when that is complete, and an existing one is
 * to be replaced, do the tables change places ({@link Swap}).
 */
final class MysqlRestore {
  private static final Pattern CHARSET = Pattern.compile("CHARACTER SET (\\w+)");
  private static final Pattern COLLATE = Pattern.compile("COLLATE (\\w+)");

  private final Destination to;
  private final Login login;
  private final Loader loader;
  private final List<String> notes;

  MysqlRestore(Destination to, Login login) {
    this.to = to;
    this.login = login;
    this.loader = new Loader(to.tools(), login, to.silence());
    this.notes = new ArrayList<>(to.notes());
  }

  RestoreReport run(InputStream artifact, List<Attachment> attachments) throws DriverException {
    // Beside the original, its events would do their work twice, with its definers' rights.
    RestoreFilter dump = new RestoreFilter(to.database(), to.replaces(), to.definers(), !to.over());
    create(attachments);
    try {
      loader.load(to.database(), client -> dump.pass(artifact, client));
      requireAll(dump.scan());
      if (!to.over()) {
        loader.load(to.database(), dump.events());
        requireNoEventRuns();
      }
    } catch (DriverException | RuntimeException e) {
      throw dropAgain(e);
    }
    if (to.over()) {
      notes.addAll(new Swap(to, login, loader).run(dump));
    } else {
      notesOfNew(dump.scan());
    }
    if (dump.scan().count("event") > 0) {
      notes.add(
          dump.scan().count("event")
              + (to.over()
                  ? " events are there and run when their time comes, if event_scheduler is on"
                  : " events are there and disabled, so that none does its work twice; where the"
                      + " new database takes over: ALTER EVENT … ENABLE"));
    }
    RestoreReport report =
        new RestoreReport("database " + to.replaces() + " on " + login.where(), notes);
    return to.over() ? report : report.at("database", to.replaces());
  }

  private void create(List<Attachment> attachments) throws DriverException {
    String create = "CREATE DATABASE " + Sql.identifier(to.database());
    try (Session session = session()) {
      session.ask(create + properties(session, attachments));
    } catch (DriverException e) {
      if (!e.getMessage().contains("Unknown co") && !e.getMessage().contains("Unknown char")) {
        throw e;
      }
      try (Session session = session()) {
        session.ask(create);
      }
      notes.add("the server lacks the database's default collation; its own was taken");
    }
  }

  /** As the dumped one was made; what was uploaded says nothing about that. */
  private String properties(Session session, List<Attachment> attachments) throws DriverException {
    for (Attachment attachment : attachments) {
      if (attachment.name().equals(MysqlDump.DATABASE_FILE)) {
        return properties(new String(attachment.content(), StandardCharsets.UTF_8));
      }
    }
    return to.over()
        ? properties(
            session.rows("SHOW CREATE DATABASE " + Sql.identifier(to.replaces())).get(0).get(1))
        : "";
  }

  private static String properties(String create) {
    // Behind the name, which may say anything.
    String end = create.substring(create.lastIndexOf('`') + 1);
    Matcher charset = CHARSET.matcher(end);
    Matcher collate = COLLATE.matcher(end);
    return (charset.find() ? " CHARACTER SET " + charset.group(1) : "")
        + (collate.find() ? " COLLATE " + collate.group(1) : "");
  }

  /** What the dump makes must be there: the client's exit code says less. */
  private void requireAll(DumpScan scan) throws DriverException {
    Inventory found;
    try (Session session = session()) {
      found = Inventory.ask(session, to.database(), Settings.ALL);
    }
    // Where a server keeps names in small letters, they come back so.
    Set<String> there = new TreeSet<>();
    found.objects().forEach(object -> there.add(object.toLowerCase(Locale.ROOT)));
    List<String> missing =
        scan.objects().stream()
            .filter(object -> !object.startsWith("event "))
            .filter(object -> !there.contains(object.toLowerCase(Locale.ROOT)))
            .toList();
    if (!missing.isEmpty()) {
      throw new DriverException(
          Kind.DAMAGED,
          "the client said that all is well, but "
              + missing.size()
              + " of the backup's objects are not there: "
              + String.join(", ", missing.stream().limit(5).toList()));
    }
  }

  /** The dump's own words were changed; the server's answer is what counts. */
  private void requireNoEventRuns() throws DriverException {
    try (Session session = session()) {
      for (String event :
          session.ask(
              "SELECT EVENT_NAME FROM information_schema.EVENTS WHERE STATUS = 'ENABLED' AND"
                  + " EVENT_SCHEMA = "
                  + Sql.literal(to.database()))) {
        session.ask("ALTER EVENT " + Sql.identifier(to.database(), event) + " DISABLE");
      }
    }
  }

  private DriverException dropAgain(Exception cause) {
    String end = Undoing.despiteInterrupt(this::dropped);
    Kind kind = cause instanceof DriverException driver ? driver.kind() : Kind.TRANSIENT;
    return new DriverException(kind, cause.getMessage() + end, cause);
  }

  private String dropped() {
    try (Session session = session()) {
      session.ask("DROP DATABASE IF EXISTS " + Sql.identifier(to.database()));
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

  private void notesOfNew(DumpScan scan) throws DriverException {
    notes.add(
        "accounts and grants are not part of a dump: grant what applications need on "
            + to.database());
    String dumped = scan.facts().values().getOrDefault("database", "");
    if (dumped.isEmpty() || dumped.equals(to.database())) {
      return;
    }
    String mentions =
        " LIKE " + Sql.literal("%" + Sql.identifier(dumped).replace("\\", "\\\\") + ".%");
    String here = " = " + Sql.literal(to.database());
    try (Session session = session()) {
      List<String> named =
          session.ask(
              "SELECT CONCAT('view ', TABLE_NAME) FROM information_schema.VIEWS WHERE TABLE_SCHEMA"
                  + here
                  + " AND VIEW_DEFINITION"
                  + mentions
                  + " UNION ALL SELECT CONCAT('trigger ', TRIGGER_NAME) FROM"
                  + " information_schema.TRIGGERS WHERE TRIGGER_SCHEMA"
                  + here
                  + " AND ACTION_STATEMENT"
                  + mentions
                  + " UNION ALL SELECT CONCAT('routine ', ROUTINE_NAME) FROM"
                  + " information_schema.ROUTINES WHERE ROUTINE_SCHEMA"
                  + here
                  + " AND ROUTINE_DEFINITION"
                  + mentions);
      if (!named.isEmpty()) {
        notes.add(
            "these name database "
                + dumped
                + " and still use that one: "
                + String.join(", ", named));
      }
    }
  }

  private Session session() throws DriverException {
    return Session.open(to.tools(), login);
  }
}
