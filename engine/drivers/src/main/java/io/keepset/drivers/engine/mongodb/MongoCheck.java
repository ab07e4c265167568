package io.keepset.drivers.engine.mongodb;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands between us and a good dump: tools, connection and rights, each with its fix. */
final class MongoCheck {
  private MongoCheck() {}

  static List<Diagnostic> run(Source source) {
    List<Diagnostic> findings = new ArrayList<>();
    Optional<Tools> tools = Optional.empty();
    try {
      tools = Tools.find(source.options());
      findings.add(
          Diagnostic.note(
              "engine.tools",
              tools
                  .map(found -> "mongodump " + found.version() + " in " + found.directory())
                  .orElse("mongodump is not here: archives are written over the driver"),
              null));
    } catch (DriverException e) {
      findings.add(Diagnostic.error("engine.tools", e.getMessage(), null));
    }
    try {
      Address address = Address.toDump(source);
      try (Server server = Server.open(address)) {
        look(server, source, tools.isPresent(), findings);
      }
    } catch (DriverException e) {
      findings.add(Diagnostic.error("engine.connection", e.getMessage(), null));
    }
    return findings;
  }

  private static void look(Server server, Source source, boolean tool, List<Diagnostic> findings)
      throws DriverException {
    Address address = server.address();
    Catalogue catalogue =
        Catalogue.ask(server.database(), source.options().list("exclude_collections"), address);
    catalogue.requireSomething(address);
    for (Collection collection : catalogue.collections()) {
      if (collection.timeSeries() && !tool) {
        findings.add(
            Diagnostic.error("engine.tools", collection.name() + " is a time series", null)
                .withHint("install MongoDB's database tools, only mongodump can back it up"));
      }
    }
    if (server.sharded()) {
      findings.add(
          Diagnostic.warning(
                  "engine.server", "the deployment is sharded: a backup is not of one moment", null)
              .withHint("stop the balancer meanwhile, or back up by snapshots of the disks"));
    }
    findings.add(
        Diagnostic.note(
            "engine.server",
            "MongoDB " + server.version().text() + " at " + address.where(),
            null));
  }
}
