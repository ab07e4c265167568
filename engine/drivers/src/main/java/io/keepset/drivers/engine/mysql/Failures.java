package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.tool.KnownFailures;
import io.keepset.drivers.tool.KnownFailures.Known;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.nio.file.Path;
import java.util.List;

/**
 * What the tools of MySQL and MariaDB say when they fail. They pass the server's error number on:
 * {@code ERROR 1045 (28000)}, {@code Got error: 1045:}, {@code Error 2013:}.
 */
final class Failures {
  /** Before the number; {@code Couldn't execute '…': … (1142)} is another way to say it. */
  private static final String N = "(?i)(?:error:? |\\()";

  private static final KnownFailures KNOWN =
      new KnownFailures(
          List.of(
              known(
                  N + "(?:2002|2003)\\b",
                  Kind.TRANSIENT,
                  "nothing answers there; check host and port, and that the server runs and its"
                      + " bind_address allows this machine"),
              known(
                  N + "2005\\b",
                  Kind.TRANSIENT,
                  "the host's name can't be resolved; check connection.host and DNS"),
              known(
                  N + "2026\\b",
                  Kind.DENIED,
                  "no secure connection came about; check that the server has TLS, that"
                      + " connection.tls.ca signed its certificate and that connection.host is the"
                      + " name in it"),
              known(
                  N + "1045\\b[^\\n]*using password: NO",
                  Kind.DENIED,
                  "the server wants a password, or another one for this login; set"
                      + " connection.password to a reference such as env:NAME"),
              known(
                  N + "(?:1045|1698|1275|3118|4151)\\b",
                  Kind.DENIED,
                  "user or password is wrong, or the account is locked or not for this machine;"
                      + " check connection.user and what connection.password refers to"),
              known(
                  N + "(?:1862|1820)\\b",
                  Kind.DENIED,
                  "the login's password has expired; set a new one"),
              known(
                  N + "(?:2059|1251|2061)\\b",
                  Kind.REJECTED,
                  "the client programs here do not know how this login proves who it is; install"
                      + " those of the server's version, or switch connection.tls on"),
              known(
                  N + "(?:1130|1129)\\b",
                  Kind.DENIED,
                  "the server lets nobody in from this machine; create the login for it, or"
                      + " FLUSH HOSTS if it was blocked after failures"),
              known(
                  N + "(?:1040|1203|1226)\\b",
                  Kind.TRANSIENT,
                  "no connection is free; raise max_connections, or what the login may have"),
              known(
                  "Unknown database '([^']*)'",
                  Kind.NOT_FOUND,
                  "there is no database \"%s\" on that server; check connection.database"),
              known(
                  N + "1044\\b",
                  Kind.DENIED,
                  "the login may not do that in this database; grant what docs/ENGINES.md lists"),
              known(
                  "View '([^']*)' references invalid",
                  Kind.REJECTED,
                  "view %s can't be used any more: what it reads is gone, or its definer may not"
                      + " read it; repair or drop it"),
              known(
                  "specified as a definer \\(([^)]*)\\) does not exist",
                  Kind.REJECTED,
                  "the account %s, as which a view or routine runs, does not exist; create it, or"
                      + " change the definer"),
              known(
                  "command denied to user [^\\n]*?for (?:table|column|routine) ([^\\s\"]+)",
                  Kind.DENIED,
                  "the login may not use %s; grant what docs/ENGINES.md lists"),
              known(
                  "(?i)insufficient privileges to SHOW CREATE|has insuffici?ent privil",
                  Kind.DENIED,
                  "the login may not read the source of a routine; MariaDB: GRANT SELECT ON"
                      + " mysql.proc, MySQL: GRANT SHOW_ROUTINE ON *.*"),
              known(
                  N + "1227\\b",
                  Kind.DENIED,
                  "the login lacks a right of administrators; a dump needs what docs/ENGINES.md"
                      + " lists, a restore may leave out who views and routines run as (option"
                      + " definers: false)"),
              known(
                  N + "(?:1418|1419)\\b",
                  Kind.REJECTED,
                  "the server writes a binary log and lets only administrators create functions and"
                      + " triggers; set log_bin_trust_function_creators = 1 there, or restore as"
                      + " such a login (connection.restore_user)"),
              known(
                  N + "(?:1205|1213)\\b",
                  Kind.TRANSIENT,
                  "somebody holds a lock; end that transaction, run at another time, or raise"
                      + " option lock_wait"),
              known(
                  N + "1412\\b",
                  Kind.TRANSIENT,
                  "a table was changed (ALTER, TRUNCATE) while it was to be dumped; run again"),
              known(
                  "Table '([^']*)' doesn't exist",
                  Kind.TRANSIENT,
                  "table %s went away meanwhile, or a view still reads it; run again, or drop the"
                      + " view"),
              known(
                  N + "(?:1153|2020)\\b",
                  Kind.REJECTED,
                  "a row is larger than the server takes; raise max_allowed_packet there"),
              known(
                  "Unknown (?:collation|character set):? '([^']*)'",
                  Kind.REJECTED,
                  "the server does not know the character set or collation %s; restore into the"
                      + " version that the backup is of, or a newer one"),
              known(
                  "Unknown storage engine '([^']*)'",
                  Kind.REJECTED,
                  "the server has not the storage engine %s; enable it there"),
              known(
                  N + "(?:1290|1836)\\b",
                  Kind.REJECTED,
                  "the server is read-only; restore into its primary"),
              known(
                  N + "(?:1114|1021)\\b|errno:? 28\\b|No space left on device",
                  Kind.TRANSIENT,
                  "a disk is full"),
              known(
                  "create database '([^']*)'; database exists",
                  Kind.REJECTED,
                  "there is a database %s already"),
              known(
                  N + "(?:2006|2013|1053|1927|1317|3024|4031)\\b",
                  Kind.TRANSIENT,
                  "the server ended the connection in the middle; nothing of this run is kept, look"
                      + " into the server's log")));

  private Failures() {}

  private static Known known(String regex, Kind kind, String fix) {
    return Known.of(regex, kind, fix);
  }

  /** What this end of a tool means. */
  static DriverException explain(Path tool, ToolExit exit, Login login) {
    return KNOWN.explain(
        tool.getFileName() + " (database " + login.database() + " on " + login.where() + ")", exit);
  }
}
