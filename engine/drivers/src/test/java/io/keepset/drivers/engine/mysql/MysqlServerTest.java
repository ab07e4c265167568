package io.keepset.drivers.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.lab.EnginesPage;
import io.keepset.drivers.lab.MariadbLab;
import io.keepset.drivers.lab.Relay;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is particular to MySQL and MariaDB, against a real MariaDB. */
class MysqlServerTest {
  private static final RestoreRequest OVER = new RestoreRequest(Mode.OVER, Optional.empty());
  private static final Map<String, String> READER =
      Map.of("user", "reader", "password", "env:NOBODY");

  private static MysqlEngineLab lab;
  private static MariadbLab server;

  private final Engine engine = new MysqlEngine();

  @BeforeAll
  static void start() {
    server = MariadbLab.start();
    lab = new MysqlEngineLab(server);
    server.execute(
        "mysql",
        "CREATE USER reader IDENTIFIED BY 'n-" + server.port() + "'",
        "CREATE USER restorer IDENTIFIED BY 'n-" + server.port() + "'");
  }

  @AfterAll
  static void stop() {
    if (lab != null) {
      lab.close();
    }
  }

  private record Made(byte[] artifact, Dump.Report report) {
    String sql() {
      return new String(artifact, StandardCharsets.UTF_8);
    }
  }

  private Made make(Source source) throws DriverException, IOException {
    try (Dump dump = engine.dump(source)) {
      byte[] artifact = dump.stream().readAllBytes();
      return new Made(artifact, dump.finish());
    }
  }

  private RestoreReport restore(Made made, Source target, RestoreRequest request)
      throws DriverException {
    engine.checkRestore(made.report().facts(), target, request);
    return engine.restore(
        new ByteArrayInputStream(made.artifact()),
        made.report().facts(),
        made.report().attachments(),
        target,
        request);
  }

  private static RestoreRequest into(String name) {
    return new RestoreRequest(Mode.NEW, Optional.of(name));
  }

  private static void grant(String... statements) {
    server.execute(
        "mysql",
        "REVOKE ALL PRIVILEGES, GRANT OPTION FROM reader",
        "REVOKE ALL PRIVILEGES, GRANT OPTION FROM restorer");
    for (String statement : statements) {
      server.execute("mysql", statement);
    }
  }

  private static Source as(Source source, Map<String, String> login, Map<String, String> options) {
    return lab.source(source.database(), login, options);
  }

  @Test
  void whatALoginMayNotSeeIsRefusedWithTheGrantThatMendsIt() {
    Source source = lab.small();
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
    Source source = lab.small();
    String on = " ON " + Sql.identifier(source.database()) + ".* TO ";
    grant(
        "GRANT SELECT, SHOW VIEW, EVENT, TRIGGER" + on + "reader",
        "CREATE ROLE sources",
        "GRANT SELECT ON mysql.proc TO sources",
        "GRANT sources TO reader",
        "SET DEFAULT ROLE sources FOR reader");

    Made made = make(as(source, READER, Map.of()));

    assertThat(made.report().facts()).isEqualTo(make(source).report().facts());
    assertThat(engine.check(as(source, READER, Map.of())))
        .noneMatch(found -> found.isError() || found.code().equals("engine.rights"));
  }

  @Test
  void whatIsLeftOutNeedsNoRights() throws Exception {
    Source source = lab.small();
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

    assertThat(made.sql()).doesNotContain("TRIGGER", "PROCEDURE", "EVENT", "`parted`", "`child`");
    assertThat(made.report().facts().values()).containsEntry("routines", "0");
  }

  @Test
  void tablesOutsideOfTheSnapshotAreNamed() throws Exception {
    Made made = make(lab.small());

    assertThat(made.report().warnings())
        .anySatisfy(warning -> assertThat(warning).contains("without transactions", "old"));
  }

  @Test
  void aDumpThatWasCutIsNotRestored() throws Exception {
    Source source = lab.small();
    Made made = make(source);
    String whole = made.sql();
    byte[] cut =
        whole.substring(0, whole.lastIndexOf("-- Dump completed")).getBytes(StandardCharsets.UTF_8);
    List<String> before = lab.inventory();

    assertThatThrownBy(
            () ->
                engine.restore(
                    new ByteArrayInputStream(cut),
                    made.report().facts(),
                    made.report().attachments(),
                    source,
                    into("cut")))
        .hasMessageContaining("cut off");

    assertThat(lab.inventory()).isEqualTo(before);
  }

  @Test
  void aDumpDoesNotWaitForALockForEver() throws Exception {
    Source source = lab.small();
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
  void aRestoreBesideLeavesTheDumpedDatabaseAlone() throws Exception {
    Source source = lab.small();
    Made made = make(source);
    server.execute("mysql", "DROP DATABASE " + Sql.identifier(source.database()));

    // The dump says ALTER DATABASE to one that is gone: taken as it is, it would fail here.
    RestoreReport report = restore(made, source, into("beside"));

    assertThat(made.sql()).contains("ALTER DATABASE " + Sql.identifier(source.database()));
    assertThat(report.target()).startsWith("database beside on ");
    assertThat(server.query("beside", "SELECT COUNT(*) FROM customer")).containsExactly("500");
  }

  @Test
  void otherServersAndOlderOnesAreRefusedWithBothVersions() throws Exception {
    Source source = lab.small();
    ArtifactFacts facts = make(source).report().facts();

    assertThatThrownBy(() -> engine.checkRestore(of(facts, "8.4.3"), source, into("x")))
        .hasMessageContaining("MySQL 8.4.3")
        .hasMessageContaining("MariaDB 10.11");
    assertThatThrownBy(() -> engine.checkRestore(of(facts, "11.4.2-MariaDB"), source, into("x")))
        .hasMessageContaining("MariaDB 11.4.2")
        .hasMessageContaining("same or a newer series");
    engine.checkRestore(of(facts, "5.5.5-10.6.1-MariaDB-log"), source, into("x"));
  }

  private static ArtifactFacts of(ArtifactFacts facts, String version) {
    TreeMap<String, String> values = new TreeMap<>(facts.values());
    values.put("server_version", version);
    return new ArtifactFacts(facts.format(), values);
  }

  @Test
  void withoutTheRightToSayAsWhomViewsRunAsTheRestoringLogin() throws Exception {
    Source source = lab.small();
    Made made = make(source);
    grant("GRANT ALL ON `small%`.* TO restorer", "GRANT ALL ON `mine%`.* TO restorer");
    Map<String, String> login =
        Map.of("restore_user", "restorer", "restore_password", "env:NOBODY");

    RestoreReport report = restore(made, as(source, login, Map.of()), into("mine"));

    assertThat(report.notes())
        .anySatisfy(note -> assertThat(note).contains("run as restorer@%", "app@localhost"));
    assertThat(
            server.query(
                "mysql",
                "SELECT DISTINCT DEFINER FROM information_schema.VIEWS WHERE TABLE_SCHEMA = 'mine'"
                    + " UNION SELECT DEFINER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA ="
                    + " 'mine' UNION SELECT DEFINER FROM information_schema.ROUTINES WHERE"
                    + " ROUTINE_SCHEMA = 'mine' UNION SELECT DEFINER FROM information_schema.EVENTS"
                    + " WHERE EVENT_SCHEMA = 'mine'"))
        .containsExactly("restorer@%");
    assertThatThrownBy(() -> restore(made, as(source, login, Map.of()), OVER))
        .hasMessageContaining("option definers: false");
    Source target = as(source, login, Map.of("definers", "false"));
    server.execute("mysql", "GRANT SELECT ON mysql.proc TO restorer");
    assertThatThrownBy(() -> restore(made, target, OVER))
        .hasMessageContaining("triggers that run as")
        .hasMessageContaining("SET USER");
    server.execute("mysql", "GRANT SET USER ON *.* TO restorer");
    assertThat(restore(made, target, OVER).notes())
        .anySatisfy(note -> assertThat(note).contains("run as restorer@%"));
  }

  @Test
  void aLoginThatMayNotCreateIsRefusedBeforehand() throws Exception {
    Source source = lab.small();
    ArtifactFacts facts = make(source).report().facts();
    grant("GRANT SELECT ON *.* TO restorer");
    Source target =
        as(source, Map.of("restore_user", "restorer", "restore_password", "env:NOBODY"), Map.of());

    DriverException e =
        catchThrowableOfType(
            DriverException.class, () -> engine.checkRestore(facts, target, into("nope")));

    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e).hasMessageContaining("GRANT INSERT, CREATE, DROP").hasMessageContaining("`nope`");
  }

  @Test
  void whatWasReplacedIsKeptWithItsTriggersAndBrokenViewsDoNotHinder() throws Exception {
    Source source = lab.small();
    String before = lab.content(source);
    Made made = make(source);
    server.execute(
        source.database(),
        "DROP VIEW v",
        "INSERT INTO customer (name) VALUES ('late')",
        "CREATE TRIGGER late AFTER INSERT ON parted FOR EACH ROW SET @x = 3",
        "CREATE EVENT late ON SCHEDULE EVERY 1 DAY DO SELECT 4711");

    RestoreReport report = restore(made, source, OVER);

    assertThat(lab.content(source)).isEqualTo(before);
    String kept =
        server.query("mysql", "SHOW DATABASES").stream()
            .filter(name -> name.startsWith(source.database() + "_before_"))
            .findFirst()
            .orElseThrow();
    assertThat(server.query(kept, "SELECT COUNT(*) FROM customer")).containsExactly("501");
    assertThat(server.query(kept, "SHOW TRIGGERS")).contains("late", "stamp");
    assertThat(server.query(kept, "SELECT EVENT_DEFINITION FROM keepset_replaced_events"))
        .contains("SELECT 4711");
    assertThat(replacedCode(kept))
        .contains("TRIGGER late", "PROCEDURE `p`", "a comment; that stays");
    assertThat(report.notes())
        .anySatisfy(note -> assertThat(note).contains(kept))
        .anySatisfy(note -> assertThat(note).contains("not all replaced views are kept"));
    assertThat(lab.inventory()).noneMatch(name -> name.contains("_restoring_"));
  }

  @Test
  void aSwapThatGetsNoLockLeavesEverythingAsItWas() throws Exception {
    Source source = lab.small();
    Made made = make(source);
    lab.spoil(source);
    String before = lab.content(source);
    List<String> inventory = lab.inventory();
    try (Login login = Login.toDump(source);
        Session holder = Session.open(Tools.any(source.options()), login)) {
      holder.ask("START TRANSACTION");
      holder.ask("SELECT COUNT(*) FROM " + Sql.identifier(source.database(), "customer"));

      assertThatThrownBy(() -> restore(made, as(source, Map.of(), Map.of("lock_wait", "1s")), OVER))
          .hasMessageContaining("lock")
          .hasMessageContaining("is as it was");
    }
    assertThat(lab.content(source)).isEqualTo(before);
    assertThat(lab.inventory()).isEqualTo(inventory);
  }

  private static String replacedCode(String kept) {
    return server.rows(kept, "SELECT code FROM keepset_replaced_code ORDER BY id");
  }

  private String keptOf(Source source) {
    return server.query("mysql", "SHOW DATABASES").stream()
        .filter(name -> name.startsWith(source.database() + "_before_"))
        .findFirst()
        .orElseThrow();
  }

  private static void dropBeside(Source source) {
    for (String name : lab.inventory()) {
      if (name.startsWith(source.database() + "_")) {
        server.execute("mysql", "DROP DATABASE " + Sql.identifier(name));
      }
    }
  }

  private DriverException restoreLosingTheAnswerToRename(Source source, Made made, boolean forGood)
      throws Exception {
    URI behind = URI.create("http://127.0.0.1:" + server.port());
    try (Relay relay = Relay.losingAnswer(behind, "RENAME TABLE", forGood)) {
      Map<String, String> port = Map.of("port", String.valueOf(relay.address().getPort()));
      return catchThrowableOfType(
          DriverException.class, () -> restore(made, as(source, port, Map.of()), OVER));
    }
  }

  @Test
  void aRenameWhoseAnswerIsLostCostsNothing() throws Exception {
    Source source = lab.small();
    Made made = make(source);
    server.execute(
        source.database(),
        "INSERT INTO customer (name) VALUES ('late')",
        "CREATE TRIGGER late AFTER INSERT ON parted FOR EACH ROW SET @x = 3");

    DriverException e = restoreLosingTheAnswerToRename(source, made, false);

    String kept = keptOf(source);
    assertThat(e)
        .hasMessageContaining("those that were there are in " + kept)
        .hasMessageContaining(kept + ".keepset_replaced_code");
    assertThat(server.query(kept, "SELECT COUNT(*) FROM customer")).containsExactly("501");
    assertThat(server.query(source.database(), "SELECT COUNT(*) FROM customer"))
        .containsExactly("500");
    assertThat(replacedCode(kept)).contains("TRIGGER late", "FUNCTION `f`", "a_before_v");
    dropBeside(source);
  }

  @Test
  void aServerThatIsGoneAfterTheRenameCostsNothing() throws Exception {
    Source source = lab.small();
    Made made = make(source);

    DriverException e = restoreLosingTheAnswerToRename(source, made, true);

    assertThat(e)
        .hasMessageContaining("whether the tables changed places could not be asked")
        .hasMessageContaining("nothing was dropped")
        .hasMessageContaining("keepset_replaced_code");
    assertThat(server.query(keptOf(source), "SELECT COUNT(*) FROM customer"))
        .containsExactly("500");
    dropBeside(source);
  }

  @Test
  void foreignKeysFromOutsideForbidToReplaceTheDatabase() throws Exception {
    Source source = lab.small();
    ArtifactFacts facts = make(source).report().facts();
    server.execute(
        "taken",
        "CREATE TABLE refers (a INT, FOREIGN KEY (a) REFERENCES "
            + Sql.identifier(source.database(), "customer")
            + " (id))");

    assertThatThrownBy(() -> engine.checkRestore(facts, source, OVER))
        .hasMessageContaining("taken.refers");
    server.execute("taken", "DROP TABLE refers");
  }

  @Test
  void theLoginsOfThePageAreEnough() throws Exception {
    Source any = lab.small();
    restore(make(any), any, into("shop"));
    for (String beginning : List.of("CREATE USER backup", "CREATE USER restore")) {
      for (String statement : EnginesPage.lines("mysql", beginning)) {
        server.execute("mysql", statement.replace("…", "n-" + server.port()));
      }
    }
    Source source =
        lab.source(
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
    String before = lab.content(source);

    Made made = make(source);
    lab.spoil(source);
    restore(made, source, OVER);
    RestoreReport beside = restore(made, source, into("shop_check"));

    assertThat(lab.content(source)).isEqualTo(before);
    assertThat(lab.content(beside)).isEqualTo(before);
    assertThat(engine.check(source)).noneMatch(Diagnostic::isError);
    assertThat(beside.notes()).noneMatch(note -> note.contains("run as restore@"));
  }

  @Test
  void anUploadedDumpThatReachesBeyondItsDatabaseIsBad() throws Exception {
    Source source = lab.small();
    String sql = make(source).sql();
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
          engine.verify(new ByteArrayInputStream(changed.getBytes(StandardCharsets.UTF_8)));

      assertThat(verdict.good()).as(line).isFalse();
      assertThat(verdict.findings().get(0)).contains("reaches beyond one database");
    }
  }

  @Test
  void theDatabasesOwnCharacterSetStandsBeside() throws Exception {
    List<Attachment> attachments = make(lab.small()).report().attachments();

    assertThat(attachments).hasSize(1);
    assertThat(attachments.get(0).name()).isEqualTo("database.sql");
    assertThat(new String(attachments.get(0).content(), StandardCharsets.UTF_8))
        .contains("CREATE DATABASE `small-``", "utf8mb4_unicode_ci");
  }

  @Test
  void databasesAreDiscovered() throws Exception {
    Source source = lab.small();

    assertThat(engine.discovery().orElseThrow().databases(source))
        .anyMatch(found -> found.database().equals(source.database()) && !found.system())
        .anyMatch(found -> found.database().equals("mysql") && found.system());
  }
}
