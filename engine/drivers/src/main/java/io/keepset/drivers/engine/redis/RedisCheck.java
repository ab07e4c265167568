package io.keepset.drivers.engine.redis;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.util.ArrayList;
import java.util.List;

/** What stands between us and a good dump: connection and rights, each with its fix. */
final class RedisCheck {
  private RedisCheck() {}

  static List<Diagnostic> run(Source source) {
    List<Diagnostic> findings = new ArrayList<>();
    try (Connection connection = Connection.open(Address.toDump(source))) {
      Address address = connection.address();
      Server server = Server.ask(connection);
      rights(connection, address.user().orElse("default"), findings);
      if (server.cluster()) {
        findings.add(
            Diagnostic.warning(
                    "engine.server", address.where() + " is one shard of a cluster", null)
                .withHint("give each primary a database block of its own"));
      }
      if (!server.known()) {
        findings.add(
            Diagnostic.warning(
                    "engine.rights", "the user may not ask what the server is (INFO)", null)
                .withHint("as administrator: " + Failures.LEAST_RIGHTS));
      }
      if (server.orphan()) {
        findings.add(
            Diagnostic.warning(
                    "engine.server",
                    address.where()
                        + " is a replica of "
                        + server.primary()
                        + ", which does not answer: it refuses all writes",
                    null)
                .withHint(
                    "if that is no primary of yours but what a restore left that was killed: run"
                        + " REPLICAOF NO ONE there"));
      }
      Release release = server.release();
      if (release.newerThanKnown()) {
        findings.add(
            Diagnostic.note(
                "engine.server",
                release.name()
                    + " is newer than this Keepset knows: a kind of value that came since makes"
                    + " its backups fail",
                null));
      }
      findings.add(
          Diagnostic.note("engine.server", release.name() + " at " + address.where(), null));
    } catch (DriverException e) {
      findings.add(Diagnostic.error("engine.connection", e.getMessage(), null));
    }
    return findings;
  }

  /** SYNC itself would make the server fork; older servers can't be asked without it. */
  private static void rights(Connection connection, String user, List<Diagnostic> findings)
      throws DriverException {
    connection.ask("REPLCONF", "capa", "eof");
    try {
      String answer = connection.tryAsk("ACL", "DRYRUN", user, "SYNC");
      if (!answer.equals("OK")) {
        findings.add(
            Diagnostic.error("engine.rights", answer, null)
                .withHint("as administrator: " + Failures.LEAST_RIGHTS));
      }
    } catch (ServerError e) {
      // Not there before 7.0, and a right of its own: the first backup tells.
    }
  }
}
