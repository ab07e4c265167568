package io.keepset.drivers.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.drivers.lab.EnginesPage;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import io.keepset.testing.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What only Redis has: users, persistence, replication, versions. */
class RedisServerTest {
  private static final RedisEngine ENGINE = new RedisEngine();
  private static RedisLab server;

  @BeforeAll
  static void start() {
    server = RedisLab.start();
    server.run("SET", "a", "b");
    server.run(
        "ACL",
        "SETUSER",
        "least",
        "on",
        ">l-" + RedisLab.PASSWORD,
        "resetkeys",
        "resetchannels",
        "-@all",
        "+ping",
        "+sync",
        "+replconf");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private record Made(byte[] artifact, Dump.Report report) {}

  private static Made make(Source source) throws DriverException, IOException {
    try (Dump dump = ENGINE.dump(source)) {
      byte[] artifact = dump.stream().readAllBytes();
      return new Made(artifact, dump.finish());
    }
  }

  /** The servers of all tests have users made by these. */
  @Test
  void theDocsGiveTheStatementsThatAreTried() throws Exception {
    assertThat(EnginesPage.blocks("redis", "ACL SETUSER "))
        .containsExactly(Failures.LEAST_RIGHTS + "\n" + Failures.RESTORE_RIGHTS);
  }

  @Test
  void usersAndSettingsStandBesideWithoutPasswords() throws Exception {
    Map<String, String> beside =
        make(server.source(Map.of())).report().attachments().stream()
            .collect(
                Collectors.toMap(
                    Attachment::name, a -> new String(a.content(), StandardCharsets.UTF_8)));

    assertThat(beside.get("users.acl")).contains("user default", "user least", "user nobody");
    assertThat(beside.get("redis.conf"))
        .contains("maxmemory 0", "appendonly no")
        .doesNotContain("requirepass");
    assertThat(beside.toString()).doesNotContain(RedisLab.PASSWORD);
  }

  @Test
  void theLeastRightsMakeABackupThatSaysWhatIsNotBesideIt() throws Exception {
    Source least = server.source(Map.of("user", "least", "password", "env:LEAST"));
    Source withSecret =
        new Source(
            least.database(),
            least.connection(),
            least.options(),
            reference -> new io.keepset.spi.Secret("l-" + RedisLab.PASSWORD));

    Made made = make(withSecret);

    assertThat(made.report().warnings())
        .anyMatch(w -> w.startsWith("users are not in the backup"))
        .anyMatch(w -> w.startsWith("settings are not in the backup"));
    assertThat(made.report().facts().values()).containsEntry("keys", "1");
  }

  /**
   * A server that keeps an append-only file ignores an RDB file that is put beside it, and writes
   * its own anew in the background: here for so long that nobody can miss it (microseconds a key).
   */
  @Test
  void aRestoreOutlivesARestartOfAServerWithAnAppendOnlyFile() throws Exception {
    Made made = make(server.source(Map.of()));
    try (RedisLab target = RedisLab.start("appendonly yes", "rdb-key-save-delay 700000")) {
      target.run("SET", "old", "1");

      RestoreReport report = restore(made, target, new RestoreRequest(Mode.OVER, Optional.empty()));

      assertThat(report.notes()).contains("the 1 keys that were there are gone");
      assertThat(target.run("GET", "a")).isEqualTo("b");
      assertThat(target.run("GET", "old")).isEmpty();
      assertThat(target.run("INFO", "replication")).contains("role:master");
      target.run("DEBUG", "LOADAOF");
      assertThat(target.run("GET", "a")).isEqualTo("b");
    }
  }

  private static RestoreReport restore(Made made, RedisLab target, RestoreRequest request)
      throws DriverException {
    Source source = target.source(Map.of());
    ENGINE.checkRestore(made.report().facts(), source, request);
    return ENGINE.restore(
        new ByteArrayInputStream(made.artifact()),
        made.report().facts(),
        List.of(),
        source,
        request);
  }

  @Test
  void aBackupOfANewerServerIsRefusedWithBothVersions() throws Exception {
    TreeMap<String, String> values =
        new TreeMap<>(make(server.source(Map.of())).report().facts().values());
    values.put("rdb_version", "99");
    values.put("server_version", "12.1.0");

    assertThatThrownBy(
            () ->
                ENGINE.checkRestore(
                    new ArtifactFacts("rdb", values),
                    server.source(Map.of()),
                    new RestoreRequest(Mode.OVER, Optional.empty())))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("Redis 12.1.0 (RDB version 99)")
        .hasMessageContaining("Redis 7.");
  }

  @Test
  void aReplicaIsBackedUpWithAWarningAndNeverRestoredInto() throws Exception {
    try (RedisLab replica = RedisLab.start("masterauth " + RedisLab.PASSWORD)) {
      String[] primary = server.name().split(":", 2);
      replica.run("REPLICAOF", primary[0], primary[1]);
      Await.until(
          "the replica's link",
          () -> replica.run("INFO", "replication").contains("link_status:up"));

      Made made = make(replica.source(Map.of()));

      assertThat(made.report().warnings()).anyMatch(w -> w.contains("is a replica"));
      assertThatThrownBy(
              () -> restore(made, replica, new RestoreRequest(Mode.OVER, Optional.empty())))
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("is a replica; restore into its primary");
    }
  }

  @Test
  void aServerWithoutAnAnswerIsToldApartFromAWrongAddress() {
    assertThatThrownBy(() -> ENGINE.dump(server.source(Map.of("port", "1"))))
        .isInstanceOfSatisfying(
            DriverException.class,
            e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.TRANSIENT))
        .hasMessageContaining("nothing listens there");
    assertThatThrownBy(
            () ->
                ENGINE.checkRestore(
                    new ArtifactFacts("rdb", new TreeMap<>()),
                    server.source(Map.of()),
                    new RestoreRequest(Mode.NEW, Optional.of("nowhere"))))
        .hasMessageContaining("name an empty one as host:port");
  }
}
