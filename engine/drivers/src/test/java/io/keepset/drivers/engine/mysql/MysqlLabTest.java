package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.LabTest;
import io.keepset.drivers.lab.MariadbLab;
import io.keepset.spi.Source;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A real MariaDB with two logins whose rights each test sets: {@code reader}, {@code restorer}. */
abstract class MysqlLabTest extends LabTest {
  private MariadbLab server;
  private MysqlEngineLab mysql;

  @Override
  protected final EngineLab start() {
    server = MariadbLab.start();
    mysql = new MysqlEngineLab(server);
    server.execute(
        "mysql",
        "CREATE USER reader IDENTIFIED BY 'n-" + server.port() + "'",
        "CREATE USER restorer IDENTIFIED BY 'n-" + server.port() + "'");
    return mysql;
  }

  final MariadbLab server() {
    return server;
  }

  final MysqlEngineLab mysql() {
    return mysql;
  }

  static String sql(Made made) {
    return new String(made.artifact(), StandardCharsets.UTF_8);
  }

  /** What the two logins may from now on, and no more. */
  final void grant(String... statements) {
    server.execute(
        "mysql",
        "REVOKE ALL PRIVILEGES, GRANT OPTION FROM reader",
        "REVOKE ALL PRIVILEGES, GRANT OPTION FROM restorer");
    for (String statement : statements) {
      server.execute("mysql", statement);
    }
  }

  final Source as(Source source, Map<String, String> login, Map<String, String> options) {
    return mysql.source(source.database(), login, options);
  }
}
