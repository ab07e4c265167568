package io.keepset.drivers.engine.mysql;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.util.ArrayList;
import java.util.List;

/** What stands between us and a good dump: tools, versions, login, rights; each with its fix. */
final class MysqlCheck {
  private MysqlCheck() {}

  static List<Diagnostic> run(Source source) {
    List<Diagnostic> findings = new ArrayList<>();
    Tools any;
    try {
      any = Tools.any(source.options());
    } catch (DriverException e) {
      return List.of(Diagnostic.error("engine.tools", e.getMessage(), null));
    }
    try (Login login = Login.toDump(source)) {
      try (Session session = Session.open(any, login)) {
        ServerVersion server = ServerVersion.ask(session);
        tools(server, source, findings);
        rights(session, server, login, Settings.of(source.options()), findings);
        findings.add(
            Diagnostic.note(
                "engine.server",
                server.name() + " at " + login.where() + ", as " + login.user(),
                null));
      }
    } catch (DriverException e) {
      findings.add(Diagnostic.error("engine.connection", e.getMessage(), null));
    }
    return findings;
  }

  private static void tools(ServerVersion server, Source source, List<Diagnostic> findings) {
    try {
      Tools tools = Tools.of(server, source.options());
      String message = tools.name() + "'s " + tools.dump();
      findings.add(
          tools.series() < server.series()
              ? Diagnostic.warning(
                      "engine.tools",
                      message + " is older than the server, which is " + server.name(),
                      null)
                  .withHint("install the client programs of the server's version")
              : Diagnostic.note("engine.tools", message, null));
    } catch (DriverException e) {
      findings.add(Diagnostic.error("engine.tools", e.getMessage(), null));
    }
  }

  private static void rights(
      Session session,
      ServerVersion server,
      Login login,
      Settings settings,
      List<Diagnostic> findings)
      throws DriverException {
    List<String> missing = Rights.missingToDump(session, server, login, settings);
    if (!missing.isEmpty()) {
      findings.add(
          Diagnostic.error(
                  "engine.rights",
                  "login " + login.user() + " may not see all of database " + login.database(),
                  null)
              .withHint("as administrator: " + String.join("; ", missing)));
      return;
    }
    if (Grants.ask(session, server).hasEverywhere("INSERT")) {
      findings.add(
          Diagnostic.warning("engine.rights", "login " + login.user() + " may write", null)
              .withHint(
                  "a login that only reads is enough: " + Rights.leastStatements(server, login)));
    }
    List<String> others = Inventory.ask(session, login.database(), settings).notInSnapshot();
    if (!others.isEmpty()) {
      findings.add(
          Diagnostic.warning(
                  "engine.server",
                  others.size()
                      + " tables are of a storage engine without transactions: "
                      + String.join(", ", others.stream().limit(5).toList()),
                  null)
              .withHint(
                  "a backup shows them as they were at their turn; ALTER TABLE … ENGINE = InnoDB"));
    }
  }
}
