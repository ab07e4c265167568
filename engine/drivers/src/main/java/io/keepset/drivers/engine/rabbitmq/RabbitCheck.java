package io.keepset.drivers.engine.rabbitmq;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** What stands between us and a good dump: connection and rights, each with its fix. */
final class RabbitCheck {
  private RabbitCheck() {}

  static List<Diagnostic> run(Source source, Former former) {
    List<Diagnostic> findings = new ArrayList<>();
    try {
      Broker broker = Broker.toDump(source);
      findings.add(
          Diagnostic.note(
              "engine.server", "RabbitMQ " + broker.version() + " at " + broker.where(), null));
      List<String> all = new ArrayList<>(former.left(broker));
      if (broker.vhost().isEmpty()) {
        RestoreLock.left(broker).ifPresent(all::add);
      }
      all.forEach(left -> findings.add(Diagnostic.warning("engine.restore", left, null)));
      try (InputStream export = broker.export()) {
        // That it begins is the right to have it.
        if (export.read() < 0) {
          findings.add(Diagnostic.error("engine.rights", "the export is empty", null));
        }
      }
    } catch (DriverException e) {
      boolean denied = e.kind() == DriverException.Kind.DENIED;
      findings.add(
          Diagnostic.error(denied ? "engine.rights" : "engine.connection", e.getMessage(), null));
    } catch (IOException e) {
      findings.add(Diagnostic.error("engine.connection", String.valueOf(e.getMessage()), null));
    }
    return findings;
  }
}
