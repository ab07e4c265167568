package io.keepset.drivers.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.lab.MariadbLab;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.io.ByteArrayInputStream;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Events do their work by themselves: in a second database they would do it twice. */
class MysqlEventsTest {
  private static final String STATES =
      "SELECT EVENT_NAME, STATUS FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '%s' ORDER BY"
          + " EVENT_NAME";

  private static final String DEFINITIONS =
      "SELECT EVENT_NAME, EVENT_DEFINITION, EVENT_COMMENT, ON_COMPLETION, INTERVAL_VALUE, DEFINER"
          + " FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '%s' ORDER BY EVENT_NAME";

  private static MariadbLab server;

  private final Engine engine = new MysqlEngine();

  @BeforeAll
  static void start() {
    server = MariadbLab.start("event-scheduler=ON");
    server.execute(
        "mysql",
        "CREATE DATABASE shop",
        "CREATE TABLE shop.ledger (id INT AUTO_INCREMENT PRIMARY KEY, what TEXT)",
        "CREATE EVENT shop.bill ON SCHEDULE EVERY 1 SECOND COMMENT 'ON COMPLETION PRESERVE ENABLE'"
            + " DO INSERT INTO shop.ledger (what) VALUES ('billed')",
        "CREATE EVENT shop.` ON COMPLETION PRESERVE ENABLE` ON SCHEDULE EVERY '1:30' HOUR_MINUTE"
            + " ON COMPLETION PRESERVE DO BEGIN\n-- ENABLE\nSET @done = 'ENABLE'; END",
        "CREATE EVENT shop.once ON SCHEDULE AT '2037-01-01 00:00:00' DO SELECT 1",
        "CREATE EVENT shop.paused ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aNewDatabaseGetsThemDisabledAndTheOneThatIsReplacedAsTheyWere() throws Exception {
    try (MysqlEngineLab lab = new MysqlEngineLab(server)) {
      Source source = lab.source("shop");
      String states = server.rows("mysql", STATES.formatted("shop"));

      RestoreReport copy = restore(source, new RestoreRequest(Mode.NEW, Optional.of("copy")));
      RestoreReport over = restore(source, new RestoreRequest(Mode.OVER, Optional.empty()));

      assertThat(server.rows("mysql", STATES.formatted("copy")))
          .isEqualTo(states.replace("ENABLED", "DISABLED"))
          .contains("bill\tDISABLED");
      assertThat(server.rows("mysql", DEFINITIONS.formatted("copy")))
          .isEqualTo(server.rows("mysql", DEFINITIONS.formatted("shop")));
      assertThat(copy.notes())
          .anySatisfy(note -> assertThat(note).contains("4 events", "disabled", "ALTER EVENT"));
      assertThat(server.rows("mysql", STATES.formatted("shop")))
          .isEqualTo(states)
          .contains("bill\tENABLED", "paused\tDISABLED");
      assertThat(over.notes())
          .anySatisfy(note -> assertThat(note).contains("run when their time comes"));
    }
  }

  private RestoreReport restore(Source source, RestoreRequest request) throws Exception {
    try (Dump dump = engine.dump(source)) {
      byte[] artifact = dump.stream().readAllBytes();
      Dump.Report report = dump.finish();
      engine.checkRestore(report.facts(), source, request);
      return engine.restore(
          new ByteArrayInputStream(artifact),
          report.facts(),
          report.attachments(),
          source,
          request);
    }
  }
}
