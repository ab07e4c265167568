package io.keepset.drivers.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.lab.PostgresLab;
import io.keepset.drivers.lab.StandIns;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.Dump;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import io.keepset.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What stands between a server and its base backups is a finding, not a run that fails at night.
 */
class BaseBackupCheckTest {
  private static final PostgresEngine ENGINE = new PostgresEngine();
  private static PostgresLab lab;

  @BeforeAll
  static void start() {
    lab = PostgresLab.start();
  }

  @AfterAll
  static void stop() {
    if (lab != null) {
      lab.close();
    }
  }

  private static Source source(String... options) {
    return sourceOf(PostgresLab.SUPERUSER, options);
  }

  private static Source sourceOf(String user, String... options) {
    Options all = Options.NONE;
    for (int i = 0; i + 1 < options.length; i += 2) {
      all = all.with(options[i], options[i + 1]);
    }
    return new Source(
        "orders", lab.connection("postgres", user), all, reference -> new Secret(lab.password()));
  }

  /** Not at night, when the first run fails. */
  @Test
  void tablespacesAreAFindingOfTheCheckAndNotOnlyOfTheRun() {
    lab.execute(
        "postgres", "set allow_in_place_tablespaces = on", "create tablespace fast location ''");
    try {
      assertThat(ENGINE.check(source("backup", "physical")))
          .filteredOn(Diagnostic::isError)
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.message()).contains("tablespaces of its own (fast)");
                assertThat(found.hint()).contains("backup: logical");
              });
      assertThat(ENGINE.check(source())).noneMatch(Diagnostic::isError);
      assertThatThrownBy(() -> ENGINE.dump(source("backup", "physical")).close())
          .hasMessageContaining("tablespaces of its own (fast)");
    } finally {
      lab.execute("postgres", "drop tablespace fast");
    }
  }

  @Test
  void aLoginThatMayNotReplicateIsToldWhatItLacks() {
    lab.execute("postgres", "create role reader login password '" + lab.password() + "'");

    List<Diagnostic> findings = ENGINE.check(sourceOf("reader", "backup", "physical"));
    assertThat(findings)
        .extracting(Diagnostic::hint)
        .anyMatch(hint -> hint != null && hint.contains("REPLICATION"));
    assertThatThrownBy(
            () -> {
              try (Dump dump = ENGINE.dump(sourceOf("reader", "backup", "physical"))) {
                dump.stream().readAllBytes();
                dump.finish();
              }
            })
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("REPLICATION");
  }

  /** The server answers as PostgreSQL 12 does. */
  @Test
  void ofAServerThatIsTooOldTheCheckSaysWhichVersionIsNeeded() {
    String asked =
        "s/SHOW server_version_num/SELECT 120022/; s/SHOW server_version;/SELECT '12.22';/;"
            + " s/SHOW max_slot_wal_keep_size/SHOW what_12_lacks/";
    Path psql = lab.bin().resolve("psql");
    Path tools =
        StandIns.make(
            "psql",
            "sed -u \"" + asked + "\" | " + psql + " \"$@\"",
            lab.bin(),
            "pg_dump",
            "pg_basebackup",
            "pg_receivewal");
    Source old = source("backup", "physical", "tools_dir", tools.toString());

    assertThat(ENGINE.check(old))
        .filteredOn(Diagnostic::isError)
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.message()).contains("is PostgreSQL 12.22").contains("need 13");
              assertThat(found.hint()).contains("backup: logical");
            });
    assertThatThrownBy(() -> ENGINE.dump(old).close()).hasMessageContaining("need 13");
    assertThatThrownBy(() -> ENGINE.writeAheadLog().orElseThrow().position(old, "slot"))
        .hasMessageContaining("need 13");
  }

  @Test
  void aServerThatLetsNobodyInToReplicateIsAFindingOfTheCheck() throws Exception {
    lab.execute(
        "postgres", "create role distant login replication password '" + lab.password() + "'");
    Path lines = lab.socketDirectory().resolve("data/pg_hba.conf");
    String before = Files.readString(lines);
    Files.writeString(lines, "host replication distant all reject\n" + before);
    lab.execute("postgres", "select pg_reload_conf()");
    try {
      Await.until(
          "the finding",
          () ->
              ENGINE.check(sourceOf("distant", "backup", "physical")).stream()
                  .filter(Diagnostic::isError)
                  .anyMatch(found -> found.hint().contains("host replication distant")));
    } finally {
      Files.writeString(lines, before);
      lab.execute("postgres", "select pg_reload_conf()");
    }
    Await.until(
        "no finding",
        () ->
            ENGINE.check(sourceOf("distant", "backup", "physical")).stream()
                .noneMatch(Diagnostic::isError));
  }
}
