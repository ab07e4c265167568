package io.keepset.drivers.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.lab.MariadbLab;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A server that writes a binary log. */
class MysqlBinlogTest {
  @Test
  void aDumpTellsItsPlaceInTheLogToALoginThatOnlyReads() throws Exception {
    Engine engine = new MysqlEngine();
    try (MariadbLab server = MariadbLab.start("log-bin=changes", "server-id=1")) {
      MysqlEngineLab lab = new MysqlEngineLab(server);
      server.execute(
          "mysql",
          "CREATE DATABASE shop",
          "CREATE TABLE shop.t (a INT PRIMARY KEY)",
          "INSERT INTO shop.t VALUES (1)",
          "CREATE USER reader IDENTIFIED BY 'n-" + server.port() + "'",
          "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON shop.* TO reader",
          "GRANT SELECT ON mysql.proc TO reader");
      Source source =
          lab.source("shop", Map.of("user", "reader", "password", "env:NOBODY"), Map.of());
      byte[] artifact;
      Dump.Report report;
      try (Dump dump = engine.dump(source)) {
        artifact = dump.stream().readAllBytes();
        report = dump.finish();
      }
      String place = server.rows("mysql", "SHOW MASTER STATUS").split("\t", 3)[1];

      assertThat(new String(artifact, StandardCharsets.UTF_8))
          .contains(
              "\n-- CHANGE MASTER TO MASTER_LOG_FILE='changes.000001', MASTER_LOG_POS=" + place);
      RestoreRequest request = new RestoreRequest(Mode.NEW, Optional.of("shop_check"));
      engine.restore(
          new ByteArrayInputStream(artifact),
          report.facts(),
          report.attachments(),
          lab.source("shop"),
          request);
      assertThat(server.query("shop_check", "SELECT a FROM t")).containsExactly("1");
    }
  }
}
