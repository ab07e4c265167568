package io.keepset.drivers.engine.postgresql;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Severity;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands between us and a good dump: tools, versions, login, rights; each with its fix. */
final class PostgresCheck {
  private PostgresCheck() {}

  static List<Diagnostic> run(Source source) {
    List<Diagnostic> findings = new ArrayList<>();
    Tools newest;
    try {
      newest = Tools.newest(source.options());
    } catch (DriverException e) {
      return List.of(Diagnostic.error("engine.tools", e.getMessage(), null));
    }
    try (Login login = Login.toDump(source);
        Psql session = Psql.open(newest, login)) {
      ServerVersion server = ServerVersion.ask(session);
      tools(server, source.options(), findings);
      if (PostgresEngine.physical(source)) {
        physical(session, server, findings);
        replication(newest, login, findings);
      } else {
        rights(session, server, findings);
      }
      findings.add(
          Diagnostic.note(
              "engine.server",
              "PostgreSQL " + server.brief() + " at " + login.where() + ", as " + login.user(),
              null));
    } catch (DriverException e) {
      findings.add(Diagnostic.error("engine.connection", e.getMessage(), null));
    }
    return findings;
  }

  private static void tools(ServerVersion server, Options options, List<Diagnostic> findings) {
    try {
      Tools tools = server.tools(options);
      Severity severity = tools.major() == server.major() ? Severity.NOTE : Severity.WARNING;
      String message = "pg_dump " + tools.version() + " in " + tools.directory();
      String hint =
          severity == Severity.NOTE
              ? null
              : "the server's own version restores without detours: "
                  + Tools.install(server.major(), "postgresql-client-" + server.major());
      findings.add(new Diagnostic(severity, "engine.tools", message, hint, null, null));
    } catch (DriverException e) {
      findings.add(Diagnostic.error("engine.tools", e.getMessage(), null));
    }
  }

  private static void rights(Psql session, ServerVersion server, List<Diagnostic> findings)
      throws DriverException {
    String user = session.askOne("SELECT current_user");
    if (session.askBoolean("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) {
      findings.add(
          Diagnostic.warning("engine.rights", "login " + user + " is superuser", null)
              .withHint("a login that only reads is enough: " + create(server)));
      return;
    }
    String login = Psql.identifier(user);
    String unreadable =
        session.askOne(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE"
                + " c.relkind IN ('r', 'p', 'm', 'S') AND c.relpersistence <> 't' AND n.nspname !~"
                + " '^pg_' AND n.nspname <> 'information_schema' AND NOT"
                + " (has_schema_privilege(n.oid, 'USAGE') AND CASE c.relkind WHEN 'S' THEN"
                + " has_sequence_privilege(c.oid, 'SELECT') ELSE has_table_privilege(c.oid,"
                + " 'SELECT') END)");
    if (!unreadable.equals("0")) {
      findings.add(
          Diagnostic.error(
                  "engine.rights",
                  "login " + user + " may not read " + unreadable + " tables",
                  null)
              .withHint("as superuser: " + grant(server, login)));
    }
    if (session.askBoolean(
        "SELECT EXISTS (SELECT FROM pg_class c WHERE c.relrowsecurity AND NOT (SELECT rolbypassrls"
            + " FROM pg_roles WHERE rolname = current_user) AND (c.relforcerowsecurity OR NOT"
            + " pg_has_role(c.relowner, 'USAGE')))")) {
      findings.add(
          Diagnostic.error("engine.rights", "row security hides rows from login " + user, null)
              .withHint("as superuser: ALTER ROLE " + login + " BYPASSRLS"));
    }
    if (session.askBoolean(
        "SELECT EXISTS (SELECT FROM pg_largeobject_metadata WHERE NOT pg_has_role(lomowner,"
            + " 'USAGE')) AND current_setting('lo_compat_privileges') = 'off'")) {
      findings.add(
          Diagnostic.error(
                  "engine.rights", "login " + user + " may not read others' large objects", null)
              .withHint("as superuser: ALTER ROLE " + login + " SET lo_compat_privileges = on"));
    }
  }

  /** What base backups and the log need; what a dump needs is of no concern to them. */
  private static void physical(Psql session, ServerVersion server, List<Diagnostic> findings)
      throws DriverException {
    Optional<String> old = BaseBackupDump.tooOld(server);
    if (old.isPresent()) {
      // Its settings have other names, and none of them would help.
      findings.add(
          Diagnostic.error("engine.wal", old.get(), null).withHint(BaseBackupDump.WITHOUT_VERSION));
      return;
    }
    String user = session.askOne("SELECT current_user");
    if (!session.askBoolean(
        "SELECT rolsuper OR rolreplication FROM pg_roles WHERE rolname = current_user")) {
      findings.add(
          Diagnostic.error("engine.rights", "login " + user + " may not replicate", null)
              .withHint("as superuser: ALTER ROLE " + Psql.identifier(user) + " REPLICATION"));
    }
    BaseBackupDump.tablespaces(session)
        .ifPresent(
            others ->
                findings.add(
                    Diagnostic.error("engine.tablespaces", "the server " + others, null)
                        .withHint(BaseBackupDump.WITHOUT_TABLESPACES)));
    String level = session.askOne("SHOW wal_level");
    if (level.equals("minimal")) {
      findings.add(
          Diagnostic.error("engine.wal", "the server's wal_level is minimal", null)
              .withHint("set wal_level = replica there and restart it"));
    }
    if (session.askOne("SHOW max_slot_wal_keep_size").equals("-1")) {
      findings.add(
          Diagnostic.warning(
                  "engine.wal",
                  "the server keeps its log for a receiver without a limit: if none comes for long,"
                      + " its disk fills",
                  null)
              .withHint("set max_slot_wal_keep_size there, such as 20GB"));
    }
  }

  /** The server lets in for that by lines of their own; a login's right to it is not enough. */
  private static void replication(Tools tools, Login login, List<Diagnostic> findings) {
    if (findings.stream().anyMatch(Diagnostic::isError)) {
      return; // it would only say the same again
    }
    try (Psql session = Psql.openReplication(tools, login)) {
      session.ask("IDENTIFY_SYSTEM");
    } catch (DriverException e) {
      findings.add(
          Diagnostic.error(
                  "engine.rights",
                  "the server lets login " + login.user() + " not replicate: " + e.getMessage(),
                  null)
              .withHint(
                  "a line in its pg_hba.conf: host replication "
                      + login.user()
                      + " ADDRESS scram-sha-256, and SELECT pg_reload_conf()"));
    }
  }

  private static String grant(ServerVersion server, String login) {
    return server.major() >= 14
        ? "GRANT pg_read_all_data TO " + login
        : "GRANT USAGE ON SCHEMA … TO "
            + login
            + "; GRANT SELECT ON ALL TABLES IN SCHEMA … TO "
            + login
            + "; GRANT SELECT ON ALL SEQUENCES IN SCHEMA … TO "
            + login;
  }

  private static String create(ServerVersion server) {
    return "CREATE ROLE backup LOGIN PASSWORD '…'; " + grant(server, "backup");
  }
}
