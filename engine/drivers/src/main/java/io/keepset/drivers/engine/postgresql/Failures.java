package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.tool.KnownFailures;
import io.keepset.drivers.tool.KnownFailures.Known;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.List;

/** What PostgreSQL's tools say when they fail, with cause and fix. Unknown text is shown as is. */
final class Failures {
  private static final KnownFailures KNOWN =
      new KnownFailures(
          List.of(
              known(
                  "Connection refused",
                  Kind.TRANSIENT,
                  "nothing listens there; check host and port, and that the server runs and its"
                      + " listen_addresses allow this machine"),
              known(
                  "could not translate host name \"([^\"]*)\"",
                  Kind.TRANSIENT,
                  "the name \"%s\" can't be resolved; check connection.host and DNS"),
              known(
                  "timeout expired|Connection timed out|No route to host",
                  Kind.TRANSIENT,
                  "the server does not answer within connection.connect_timeout; check host, port and"
                      + " firewall"),
              known(
                  "password authentication failed for user \"([^\"]*)\"",
                  Kind.DENIED,
                  "the password of \"%s\" is wrong; check connection.user and what"
                      + " connection.password refers to"),
              known(
                  "no password supplied",
                  Kind.DENIED,
                  "the server wants a password; set connection.password to a reference such as"
                      + " env:NAME"),
              known(
                  "no pg_hba.conf entry for replication connection ([^\\n]*)",
                  Kind.DENIED,
                  "the server's pg_hba.conf lets nobody replicate %s; add a line for it (host"
                      + " replication, the login, this machine, scram-sha-256) and reload"),
              known(
                  "must be superuser or (?:a )?replication role"
                      + "|permission denied to (?:start WAL sender|use replication slots"
                      + "|initiate)",
                  Kind.DENIED,
                  "the login may not replicate; as superuser: ALTER ROLE the login REPLICATION"),
              known(
                  "requested WAL segment (\\S+) has already been removed"
                      + "|can no longer get changes from replication slot",
                  Kind.REJECTED,
                  "the server no longer has log that was not received yet (%s): a gap; make a base"
                      + " backup, and raise max_slot_wal_keep_size there"),
              known(
                  "replication slot \"([^\"]*)\" is active for PID",
                  Kind.TRANSIENT,
                  "another receiver still has the slot \"%s\"; it is tried again"),
              known(
                  "all replication slots are in use",
                  Kind.TRANSIENT,
                  "the server has no free replication slot; raise max_replication_slots"),
              known(
                  "number of requested standby connections exceeds max_wal_senders",
                  Kind.TRANSIENT,
                  "the server lets no further receiver in; raise max_wal_senders"),
              known(
                  "no pg_hba.conf entry for ([^\\n]*)",
                  Kind.DENIED,
                  "the server's pg_hba.conf lets nobody in for %s; add a line for it and reload"),
              known(
                  "(?:Peer|Ident) authentication failed for user \"([^\"]*)\"",
                  Kind.DENIED,
                  "on this socket the server wants the operating system's user \"%s\"; connect by TCP"
                      + " with a password, or run Keepset as that user"),
              known(
                  "server does not support SSL",
                  Kind.REJECTED,
                  "the server has no TLS; turn ssl on there or lower connection.tls.mode"),
              known(
                  "certificate verify failed|could not read root certificate file"
                      + "|root certificate file \"[^\"]*\" does not exist"
                      + "|server certificate for \"[^\"]*\"[^\\n]* does not match",
                  Kind.DENIED,
                  "the server's certificate can't be trusted; check connection.tls.ca and that"
                      + " connection.host is the name in the certificate"),
              known(
                  "could not (?:read|load|open) (?:certificate|private key) file|private key file"
                      + " \"[^\"]*\" (?:has|must)|certificate does not match private key",
                  Kind.DENIED,
                  "the client certificate can't be used; check connection.tls.cert and what"
                      + " connection.tls.key refers to"),
              known(
                  "role \"([^\"]*)\" does not exist",
                  Kind.REJECTED,
                  "the server has no role \"%s\"; create it first (the backup's globals.sql does), or"
                      + " set option owners: false to restore without owners and grants"),
              known(
                  "database \"([^\"]*)\" does not exist",
                  Kind.NOT_FOUND,
                  "there is no database \"%s\" on that server; check connection.database"),
              known(
                  "server version: (\\S+); pg_dump version",
                  Kind.REJECTED,
                  "pg_dump is older than the server (%s); install the client programs of the server's"
                      + " version"),
              known(
                  "permission denied for (?:table|sequence|schema|view|function|relation|database)"
                      + " \"?([^\\s\"]+)",
                  Kind.DENIED,
                  "the login may not use \"%s\"; as superuser: GRANT pg_read_all_data TO the login"
                      + " (PostgreSQL 14 and newer), or grant USAGE and SELECT on all schemas and"
                      + " tables"),
              known(
                  "affected by row-level security policy for table \"([^\"]*)\"",
                  Kind.DENIED,
                  "row security would hide rows of \"%s\"; as superuser: ALTER ROLE the login"
                      + " BYPASSRLS"),
              known(
                  "could not open large object (\\d+): ERROR:\\s+permission denied|permission denied"
                      + " for large object (\\d+)",
                  Kind.DENIED,
                  "the login may not read large object %s; as superuser: ALTER ROLE the login SET"
                      + " lo_compat_privileges = on"),
              known(
                  "permission denied to create database",
                  Kind.DENIED,
                  "the login may not create databases; as superuser: ALTER ROLE it CREATEDB, or name"
                      + " another login in connection.restore_user"),
              known(
                  "must be (?:owner of|member of|able to SET ROLE) ?(?:database |role )?\"?([^\\s\"]*)",
                  Kind.DENIED,
                  "the login does not own what it has to change (%s); restore as superuser, or set"
                      + " option owners: false"),
              known(
                  "canceling statement due to (?:statement|lock) timeout[\\s\\S]*LOCK TABLE ([^\\n;]*)",
                  Kind.TRANSIENT,
                  "somebody holds a lock on %s; end that transaction, run at another time, or raise"
                      + " option lock_wait"),
              known(
                  "remaining connection slots|too many clients|too many connections for",
                  Kind.TRANSIENT,
                  "the server has no free connection; raise max_connections or reserve some for the"
                      + " login"),
              known(
                  "terminating connection due to administrator command|server closed the connection"
                      + "|SSL connection has been closed|the database system is shutting down"
                      + "|the database system is starting up|could not receive data from server",
                  Kind.TRANSIENT,
                  "the server ended the connection in the middle; nothing of this run is kept, look"
                      + " into the server's log"),
              known(
                  "canceling statement due to conflict with recovery",
                  Kind.TRANSIENT,
                  "the standby needed the rows for replay; set hot_standby_feedback = on there, or"
                      + " raise max_standby_streaming_delay"),
              known(
                  "invalid locale name|locale provider|collation .* does not exist",
                  Kind.REJECTED,
                  "the target has not the collations of the source; install the locale there"),
              known(
                  "extension \"([^\"]*)\" is not available|could not open extension control file"
                      + " \"[^\"]*/([^/\"]*)\\.control\"",
                  Kind.REJECTED,
                  "the target lacks the extension \"%s\"; install its package there"),
              known(
                  "No space left on device|could not extend file",
                  Kind.TRANSIENT,
                  "the server's disk is full"),
              known(
                  "database \"([^\"]*)\" already exists",
                  Kind.REJECTED,
                  "choose another name, or drop \"%s\" first"),
              known(
                  "being accessed by other users", Kind.REJECTED, "end the other sessions first")));

  private Failures() {}

  private static Known known(String regex, Kind kind, String fix) {
    return Known.of(regex, kind, fix);
  }

  /** What this end of a tool means. */
  static DriverException explain(String tool, ToolExit exit, Login login) {
    return KNOWN.explain(
        tool + " (database " + login.database() + " on " + login.where() + ")",
        new ToolExit(exit.code(), withoutNames(exit.stderr())));
  }

  /** One line, the tool's own name in front of each left out, not longer than a screen. */
  static String shorten(String stderr) {
    return KnownFailures.shorten(withoutNames(stderr));
  }

  private static String withoutNames(String stderr) {
    return stderr
        .replaceAll(
            "(?m)^(?:pg_dump|pg_dumpall|pg_restore|psql|pg_basebackup|pg_receivewal)(?:\\[\\d+\\])?: ",
            "")
        .replaceAll("(?m)^<stdin>:\\d+: ", "")
        .replaceAll("psql:<stdin>:\\d+: ", "");
  }
}
