package io.keepset.drivers.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.drivers.engine.Newer;
import io.keepset.drivers.lab.Relay;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What restores into MySQL and MariaDB promise beyond the laws, against a real MariaDB. */
class MysqlRestoreTest extends MysqlLabTest {
  private static final RestoreRequest OVER = new RestoreRequest(Mode.OVER, Optional.empty());

  @Test
  void aRestoreBesideLeavesTheDumpedDatabaseAlone() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    server().execute("mysql", "DROP DATABASE " + Sql.identifier(source.database()));

    // The dump says ALTER DATABASE to one that is gone: taken as it is, it would fail here.
    RestoreReport report = restore(made, source, into("beside"));

    assertThat(sql(made)).contains("ALTER DATABASE " + Sql.identifier(source.database()));
    assertThat(report.target()).startsWith("database beside on ");
    assertThat(server().query("beside", "SELECT COUNT(*) FROM customer")).containsExactly("500");
  }

  @Test
  void otherServersAndOlderOnesAreRefusedWithBothVersions() throws Exception {
    Source source = lab().small();
    ArtifactFacts facts = make(source).report().facts();

    assertThatThrownBy(
            () ->
                lab()
                    .engine()
                    .checkRestore(Newer.with(facts, "server_version", "8.4.3"), source, into("x")))
        .hasMessageContaining("MySQL 8.4.3")
        .hasMessageContaining("MariaDB 10.11");
    assertThatThrownBy(
            () ->
                lab()
                    .engine()
                    .checkRestore(
                        Newer.with(facts, "server_version", "11.4.2-MariaDB"), source, into("x")))
        .hasMessageContaining("MariaDB 11.4.2")
        .hasMessageContaining("same or a newer series");
    lab()
        .engine()
        .checkRestore(
            Newer.with(facts, "server_version", "5.5.5-10.6.1-MariaDB-log"), source, into("x"));
  }

  @Test
  void withoutTheRightToSayAsWhomViewsRunAsTheRestoringLogin() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    grant("GRANT ALL ON `small%`.* TO restorer", "GRANT ALL ON `mine%`.* TO restorer");
    Map<String, String> login =
        Map.of("restore_user", "restorer", "restore_password", "env:NOBODY");

    RestoreReport report = restore(made, as(source, login, Map.of()), into("mine"));

    assertThat(report.notes())
        .anySatisfy(note -> assertThat(note).contains("run as restorer@%", "app@localhost"));
    assertThat(
            server()
                .query(
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
    server().execute("mysql", "GRANT SELECT ON mysql.proc TO restorer");
    assertThatThrownBy(() -> restore(made, target, OVER))
        .hasMessageContaining("triggers that run as")
        .hasMessageContaining("SET USER");
    server().execute("mysql", "GRANT SET USER ON *.* TO restorer");
    assertThat(restore(made, target, OVER).notes())
        .anySatisfy(note -> assertThat(note).contains("run as restorer@%"));
  }

  @Test
  void aLoginThatMayNotCreateIsRefusedBeforehand() throws Exception {
    Source source = lab().small();
    ArtifactFacts facts = make(source).report().facts();
    grant("GRANT SELECT ON *.* TO restorer");
    Source target =
        as(source, Map.of("restore_user", "restorer", "restore_password", "env:NOBODY"), Map.of());

    DriverException e =
        catchThrowableOfType(
            DriverException.class, () -> lab().engine().checkRestore(facts, target, into("nope")));

    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e).hasMessageContaining("GRANT INSERT, CREATE, DROP").hasMessageContaining("`nope`");
  }

  @Test
  void aDumpThatWasCutIsNotRestored() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    String whole = sql(made);
    byte[] cut =
        whole.substring(0, whole.lastIndexOf("-- Dump completed")).getBytes(StandardCharsets.UTF_8);
    List<String> before = lab().inventory();

    assertThatThrownBy(
            () ->
                lab()
                    .engine()
                    .restore(
                        new ByteArrayInputStream(cut),
                        made.report().facts(),
                        made.report().attachments(),
                        source,
                        into("cut")))
        .hasMessageContaining("cut off");

    assertThat(lab().inventory()).isEqualTo(before);
  }

  @Test
  void whatWasReplacedIsKeptWithItsTriggersAndBrokenViewsDoNotHinder() throws Exception {
    Source source = lab().small();
    String before = lab().content(source);
    Made made = make(source);
    server()
        .execute(
            source.database(),
            "DROP VIEW v",
            "INSERT INTO customer (name) VALUES ('late')",
            "CREATE TRIGGER late AFTER INSERT ON parted FOR EACH ROW SET @x = 3",
            "CREATE EVENT late ON SCHEDULE EVERY 1 DAY DO SELECT 4711");

    RestoreReport report = restore(made, source, OVER);

    assertThat(lab().content(source)).isEqualTo(before);
    String kept =
        server().query("mysql", "SHOW DATABASES").stream()
            .filter(name -> name.startsWith(source.database() + "_before_"))
            .findFirst()
            .orElseThrow();
    assertThat(server().query(kept, "SELECT COUNT(*) FROM customer")).containsExactly("501");
    assertThat(server().query(kept, "SHOW TRIGGERS")).contains("late", "stamp");
    assertThat(server().query(kept, "SELECT EVENT_DEFINITION FROM keepset_replaced_events"))
        .contains("SELECT 4711");
    assertThat(replacedCode(kept))
        .contains("TRIGGER late", "PROCEDURE `p`", "a comment; that stays");
    assertThat(report.notes())
        .anySatisfy(note -> assertThat(note).contains(kept))
        .anySatisfy(note -> assertThat(note).contains("not all replaced views are kept"));
    assertThat(lab().inventory()).noneMatch(name -> name.contains("_restoring_"));
  }

  @Test
  void aSwapThatGetsNoLockLeavesEverythingAsItWas() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    lab().spoil(source);
    String before = lab().content(source);
    List<String> inventory = lab().inventory();
    try (Login login = Login.toDump(source);
        Session holder = Session.open(Tools.any(source.options()), login)) {
      holder.ask("START TRANSACTION");
      holder.ask("SELECT COUNT(*) FROM " + Sql.identifier(source.database(), "customer"));

      assertThatThrownBy(() -> restore(made, as(source, Map.of(), Map.of("lock_wait", "1s")), OVER))
          .hasMessageContaining("lock")
          .hasMessageContaining("is as it was");
    }
    assertThat(lab().content(source)).isEqualTo(before);
    assertThat(lab().inventory()).isEqualTo(inventory);
  }

  private String replacedCode(String kept) {
    return server().rows(kept, "SELECT code FROM keepset_replaced_code ORDER BY id");
  }

  private String keptOf(Source source) {
    return server().query("mysql", "SHOW DATABASES").stream()
        .filter(name -> name.startsWith(source.database() + "_before_"))
        .findFirst()
        .orElseThrow();
  }

  private void dropBeside(Source source) {
    for (String name : lab().inventory()) {
      if (name.startsWith(source.database() + "_")) {
        server().execute("mysql", "DROP DATABASE " + Sql.identifier(name));
      }
    }
  }

  private DriverException restoreLosingTheAnswerToRename(Source source, Made made, boolean forGood)
      throws Exception {
    URI behind = URI.create("http://127.0.0.1:" + server().port());
    try (Relay relay = Relay.losingAnswer(behind, "RENAME TABLE", forGood)) {
      Map<String, String> port = Map.of("port", String.valueOf(relay.address().getPort()));
      return catchThrowableOfType(
          DriverException.class, () -> restore(made, as(source, port, Map.of()), OVER));
    }
  }

  @Test
  void aRenameWhoseAnswerIsLostCostsNothing() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    server()
        .execute(
            source.database(),
            "INSERT INTO customer (name) VALUES ('late')",
            "CREATE TRIGGER late AFTER INSERT ON parted FOR EACH ROW SET @x = 3");

    DriverException e = restoreLosingTheAnswerToRename(source, made, false);

    String kept = keptOf(source);
    assertThat(e)
        .hasMessageContaining("those that were there are in " + kept)
        .hasMessageContaining(kept + ".keepset_replaced_code");
    assertThat(server().query(kept, "SELECT COUNT(*) FROM customer")).containsExactly("501");
    assertThat(server().query(source.database(), "SELECT COUNT(*) FROM customer"))
        .containsExactly("500");
    assertThat(replacedCode(kept)).contains("TRIGGER late", "FUNCTION `f`", "a_before_v");
    dropBeside(source);
  }

  @Test
  void aServerThatIsGoneAfterTheRenameCostsNothing() throws Exception {
    Source source = lab().small();
    Made made = make(source);

    DriverException e = restoreLosingTheAnswerToRename(source, made, true);

    assertThat(e)
        .hasMessageContaining("whether the tables changed places could not be asked")
        .hasMessageContaining("nothing was dropped")
        .hasMessageContaining("keepset_replaced_code");
    assertThat(server().query(keptOf(source), "SELECT COUNT(*) FROM customer"))
        .containsExactly("500");
    dropBeside(source);
  }

  @Test
  void foreignKeysFromOutsideForbidToReplaceTheDatabase() throws Exception {
    Source source = lab().small();
    ArtifactFacts facts = make(source).report().facts();
    server()
        .execute(
            "taken",
            "CREATE TABLE refers (a INT, FOREIGN KEY (a) REFERENCES "
                + Sql.identifier(source.database(), "customer")
                + " (id))");

    assertThatThrownBy(() -> lab().engine().checkRestore(facts, source, OVER))
        .hasMessageContaining("taken.refers");
    server().execute("taken", "DROP TABLE refers");
  }
}
