package io.keepset.drivers.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.lab.EnginesPage;
import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is particular to dumps of MySQL and MariaDB, against a real MariaDB. */
class MysqlServerTest extends MysqlLabTest {
  private static final RestoreRequest OVER = new RestoreRequest(Mode.OVER, Optional.empty());
  private static final Map<String, String> READER =
      Map.of("user", "reader", "password", "env:NOBODY");

  @Test
  void whatALoginMayNotSeeIsRefusedWithTheGrantThatMendsIt() {
    Source source = lab().small();
    String on = " ON " + Sql.identifier(source.database()) + ".* TO reader";
    grant("GRANT SELECT, SHOW VIEW, EVENT" + on, "GRANT SELECT ON mysql.proc TO reader");

    DriverException noTriggers =
        catchThrowableOfType(DriverException.class, () -> make(as(source, READER, Map.of())));
    grant("GRANT SELECT, SHOW VIEW, EVENT, TRIGGER" + on);
    DriverException noRoutines =
        catchThrowableOfType(DriverException.class, () -> make(as(source, READER, Map.of())));

    assertThat(noTriggers.kind()).isEqualTo(Kind.DENIED);
    assertThat(noTriggers).hasMessageContaining("GRANT TRIGGER ON `small-``");
    assertThat(noRoutines.kind()).isEqualTo(Kind.DENIED);
    assertThat(noRoutines).hasMessageContaining("GRANT SELECT ON mysql.proc TO 'reader'@'%'");
  }

  @Test
  void theLeastRightsAreEnoughAndThroughARoleToo() throws Exception {
    Source source = lab().small();
    String on = " ON " + Sql.identifier(source.database()) + ".* TO ";
    grant(
        "GRANT SELECT, SHOW VIEW, EVENT, TRIGGER" + on + "reader",
        "CREATE ROLE sources",
        "GRANT SELECT ON mysql.proc TO sources",
        "GRANT sources TO reader",
        "SET DEFAULT ROLE sources FOR reader");

    Made made = make(as(source, READER, Map.of()));

    assertThat(made.report().facts()).isEqualTo(make(source).report().facts());
    assertThat(lab().engine().check(as(source, READER, Map.of())))
        .noneMatch(found -> found.isError() || found.code().equals("lab().engine().rights"));
  }

  @Test
  void whatIsLeftOutNeedsNoRights() throws Exception {
    Source source = lab().small();
    grant("GRANT SELECT, SHOW VIEW ON " + Sql.identifier(source.database()) + ".* TO reader");

    Made made =
        make(
            as(
                source,
                READER,
                Map.of(
                    "leave_out[0]",
                    "triggers",
                    "leave_out[1]",
                    "routines",
                    "leave_out[2]",
                    "events",
                    "exclude_tables[0]",
                    "par*",
                    "exclude_tables[1]",
                    "chil?")));

    assertThat(sql(made)).doesNotContain("TRIGGER", "PROCEDURE", "EVENT", "`parted`", "`child`");
    assertThat(made.report().facts().values()).containsEntry("routines", "0");
  }

  @Test
  void tablesOutsideOfTheSnapshotAreNamed() throws Exception {
    Made made = make(lab().small());

    assertThat(made.report().warnings())
        .anySatisfy(warning -> assertThat(warning).contains("without transactions", "old"));
  }

  @Test
  void aDumpDoesNotWaitForALockForEver() throws Exception {
    Source source = lab().small();
    try (Login login = Login.toDump(source);
        Session holder = Session.open(Tools.any(source.options()), login)) {
      holder.ask("LOCK TABLES " + Sql.identifier(source.database(), "customer") + " WRITE");

      DriverException e =
          catchThrowableOfType(
              DriverException.class, () -> make(as(source, Map.of(), Map.of("lock_wait", "1s"))));

      assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
      assertThat(e)
          .hasMessageContaining("lock that somebody holds")
          .hasMessageContaining("customer");
    }
  }

  @Test
  void theLoginsOfThePageAreEnough() throws Exception {
    Source any = lab().small();
    restore(make(any), any, into("shop"));
    for (String beginning : List.of("CREATE USER backup", "CREATE USER restore")) {
      for (String statement : EnginesPage.lines("mysql", beginning)) {
        server().execute("mysql", statement.replace("…", "n-" + server().port()));
      }
    }
    Source source =
        mysql()
            .source(
                "shop",
                Map.of(
                    "user",
                    "backup",
                    "password",
                    "env:NOBODY",
                    "restore_user",
                    "restore",
                    "restore_password",
                    "env:NOBODY"),
                Map.of());
    String before = lab().content(source);

    Made made = make(source);
    lab().spoil(source);
    restore(made, source, OVER);
    RestoreReport beside = restore(made, source, into("shop_check"));

    assertThat(lab().content(source)).isEqualTo(before);
    assertThat(lab().content(beside)).isEqualTo(before);
    assertThat(lab().engine().check(source)).noneMatch(Diagnostic::isError);
    assertThat(beside.notes()).noneMatch(note -> note.contains("run as restore@"));
  }

  @Test
  void anUploadedDumpThatReachesBeyondItsDatabaseIsBad() throws Exception {
    Source source = lab().small();
    String sql = sql(make(source));
    for (String line :
        List.of(
            "USE `orders`;",
            " use orders;",
            "/*!50000 USE orders */;",
            "set global max_connections = 1;",
            "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `orders`;",
            "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'a:1-10';",
            "CHANGE MASTER TO MASTER_LOG_FILE='b', MASTER_LOG_POS=4;",
            "INSERT INTO `orders`.`customer` VALUES (1);",
            "insert ignore into orders.customer values (1);",
            "/*!40000 ALTER TABLE `orders` . `customer` DISABLE KEYS */;",
            "drop table if exists orders.customer;",
            "Delete From orders.customer;",
            "GRANT ALL ON *.* TO somebody;",
            "create user somebody;")) {
      int at = sql.indexOf("--\n-- Table structure");
      String changed = sql.substring(0, at) + line + "\n" + sql.substring(at);

      Verdict verdict =
          lab().engine().verify(new ByteArrayInputStream(changed.getBytes(StandardCharsets.UTF_8)));

      assertThat(verdict.good()).as(line).isFalse();
      assertThat(verdict.findings().get(0)).contains("reaches beyond one database");
    }
  }

  @Test
  void theDatabasesOwnCharacterSetStandsBeside() throws Exception {
    List<Attachment> attachments = make(lab().small()).report().attachments();

    assertThat(attachments).hasSize(1);
    assertThat(attachments.get(0).name()).isEqualTo("database.sql");
    assertThat(new String(attachments.get(0).content(), StandardCharsets.UTF_8))
        .contains("CREATE DATABASE `small-``", "utf8mb4_unicode_ci");
  }

  @Test
  void databasesAreDiscovered() throws Exception {
    Source source = lab().small();

    assertThat(lab().engine().discovery().orElseThrow().databases(source))
        .anyMatch(found -> found.database().equals(source.database()) && !found.system())
        .anyMatch(found -> found.database().equals("mysql") && found.system());
  }
}
