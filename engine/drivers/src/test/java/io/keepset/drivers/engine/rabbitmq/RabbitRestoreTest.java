package io.keepset.drivers.engine.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.http.HttpApi;
import io.keepset.drivers.lab.EnginesPage;
import io.keepset.drivers.lab.RestoreProcess;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import io.keepset.testing.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What restores do to a real broker, where the laws of all engines say nothing. */
class RabbitRestoreTest {
  private static RabbitLab broker;

  @TempDir private static Path data;

  private final RabbitEngine engine = new RabbitEngine(InstantSource.system(), Optional.of(data));
  private final Source source = broker.source(Map.of());

  @BeforeAll
  static void start() {
    broker = RabbitLab.start();
  }

  @AfterAll
  static void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  @BeforeEach
  void fill() {
    broker.empty();
    RabbitEngineLab.fill(broker, "shop");
  }

  private byte[] dump() throws Exception {
    return dump(source);
  }

  private byte[] dump(Source of) throws Exception {
    try (Dump dump = engine.dump(of)) {
      byte[] artifact = dump.stream().readAllBytes();
      dump.finish();
      return artifact;
    }
  }

  private RestoreReport restore(byte[] artifact, Source target, Mode mode) throws Exception {
    RestoreRequest request = new RestoreRequest(mode, Optional.empty());
    ArtifactFacts facts = facts(artifact);
    engine.checkRestore(facts, target, request);
    return engine.restore(new ByteArrayInputStream(artifact), facts, List.of(), target, request);
  }

  private ArtifactFacts facts(byte[] artifact) throws Exception {
    Verdict verdict = engine.verify(new ByteArrayInputStream(artifact));
    assertThat(verdict.good()).as("%s", verdict.findings()).isTrue();
    return verdict.facts().orElseThrow();
  }

  @Test
  void aMergeBringsBackWhatIsGoneAndLeavesTheRest() throws Exception {
    byte[] artifact = dump();
    broker.delete("api/queues/shop/q1");
    broker.delete("api/users/j%C3%B6rg");
    broker.send("PUT", "api/queues/shop/later", "{\"durable\":true}");
    broker.send(
        "PUT", "api/policies/shop/short", "{\"pattern\":\"^x\",\"definition\":{\"max-length\":1}}");

    restore(artifact, source, Mode.MERGE);

    String after = broker.content("");
    assertThat(after)
        .contains("\"name\":\"later\"", "\"name\":\"q1\"", "\"name\":\"jörg\"")
        .contains("\"name\":\"short\",\"pattern\":\"^q\"");
  }

  @Test
  void aMergeTouchesNothingWhereAQueueOfOtherArgumentsWouldStay() throws Exception {
    byte[] artifact = dump();
    broker.delete("api/queues/shop/q1");
    broker.delete("api/queues/shop/q2");
    broker.send(
        "PUT", "api/queues/shop/q2", "{\"durable\":true,\"arguments\":{\"x-max-length\":7}}");
    String before = broker.content("");

    assertThatThrownBy(() -> restore(artifact, source, Mode.MERGE))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("nothing was touched: queue q2, vhost shop")
        .hasMessageContaining("restore over");
    assertThat(broker.content("")).isEqualTo(before);
  }

  @Test
  void whatAServerDidNotTakeFailsTheRestoreThoughItSaidDone() throws Exception {
    byte[] artifact = dump();
    Broker live = Broker.toRestore(source);
    broker.delete("api/queues/shop/q2");
    broker.send(
        "PUT", "api/queues/shop/q2", "{\"durable\":true,\"arguments\":{\"x-max-length\":7}}");

    // As a merge would do it without its look beforehand.
    live.importing(artifact);
    Definitions wanted = Definitions.read(new ByteArrayInputStream(artifact), true, Selection.ALL);

    assertThat(live.compare(wanted).wanting()).containsExactly("queue q2, vhost shop differs");
  }

  @Test
  void anImportThatFailsIsUndone() throws Exception {
    String good = new String(dump(), StandardCharsets.UTF_8);
    String bad =
        good.replace("\"component\":\"operator_policy\"", "\"component\":\"federation-upstream\"");
    assertThat(bad).isNotEqualTo(good);
    broker.send("PUT", "api/queues/shop/later", "{\"durable\":true}");
    broker.delete("api/queues/shop/q1");
    String before = broker.content("");

    assertThatThrownBy(() -> restore(bad.getBytes(StandardCharsets.UTF_8), source, Mode.OVER))
        .hasMessageContaining("rabbitmq-plugins enable")
        .hasMessageContaining("again what they were before");
    assertThat(broker.content("")).isEqualTo(before);
  }

  @Test
  void messagesThatWereLostAreToldThoughTheDefinitionsAreBack() throws Exception {
    String bad =
        new String(dump(), StandardCharsets.UTF_8)
            .replace("\"component\":\"operator_policy\"", "\"component\":\"federation-upstream\"");
    broker.delete("api/queues/shop/q2");
    broker.send(
        "PUT", "api/queues/shop/q2", "{\"durable\":true,\"arguments\":{\"x-max-length\":7}}");
    broker.send(
        "POST",
        "api/exchanges/shop/amq.default/publish",
        "{\"properties\":{},\"routing_key\":\"q2\",\"payload\":\"x\",\"payload_encoding\":"
            + "\"string\"}");
    Broker live = Broker.toRestore(source);
    // The management counts every few seconds.
    Await.until("the message to be counted", () -> live.messages("q2", "shop") > 0);

    assertThatThrownBy(() -> restore(bad.getBytes(StandardCharsets.UTF_8), source, Mode.OVER))
        .hasMessageContaining("again what they were before, but messages are lost: queue q2,")
        .hasMessageContaining("1 messages with it");
  }

  @Test
  void theFormerDefinitionsAreKeptWhereTheyCouldNotBePutBack() throws Exception {
    String restorer = "{\"tags\":\"administrator\",\"password\":\"";
    broker.send("PUT", "api/users/restorer", restorer + "former\"}");
    byte[] artifact = dump();
    // With the backup comes the former password: from then on the restore is locked out.
    broker.send("PUT", "api/users/restorer", restorer + RabbitLab.PASSWORD + "\"}");
    broker.send("PUT", "api/queues/shop/later", "{\"durable\":true}");
    Source target =
        broker.source(Map.of("restore_user", "restorer", "restore_password", "env:LAB"));

    Throwable failure = catchThrowable(() -> restore(artifact, target, Mode.OVER));

    assertThat(failure).hasMessageContaining("could not be put back as they were");
    Matcher named = Pattern.compile("are in (\\S+\\.json):").matcher(failure.getMessage());
    assertThat(named.find()).as(failure.getMessage()).isTrue();
    Path kept = Path.of(named.group(1));
    try {
      assertThat(Files.readString(kept)).contains("\"later\"");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
          .isEqualTo("rw-------");
    } finally {
      Files.delete(kept);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"the former definitions are written down", "a queue is deleted"})
  void whatARestoreThatWasKilledReplacedCanBeBroughtBack(String moment) throws Exception {
    byte[] artifact = dump();
    String wanted = broker.content("");
    broker.delete("api/queues/shop/q2");
    broker.send(
        "PUT", "api/queues/shop/q2", "{\"durable\":true,\"arguments\":{\"x-max-length\":7}}");
    broker.send("PUT", "api/queues/shop/later", "{\"durable\":true}");
    String before = broker.content("");

    boolean killed =
        RestoreProcess.killed(
            RabbitEngine.NAME,
            artifact,
            source,
            Map.of("LAB", RabbitLab.PASSWORD),
            data,
            () ->
                moment.contains("queue")
                    ? !broker.names("api/queues/shop").contains("q2")
                    : !kept().isEmpty());

    assertThat(kept()).hasSize(killed ? 1 : 0);
    if (killed) {
      Path file = kept().get(0);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(engine.check(source))
          .extracting(Diagnostic::message)
          .anyMatch(message -> message.contains(file.toString()))
          .anyMatch(message -> message.contains("rabbitmqctl delete_vhost keepset-restore"));
      assertThatThrownBy(() -> restore(artifact, source, Mode.OVER))
          .hasMessageContaining("rabbitmqctl delete_vhost keepset-restore");
      assertThat(broker.ctl("delete_vhost", "keepset-restore").start().waitFor()).isZero();
      RestoreReport report = restore(artifact, source, Mode.OVER);
      assertThat(report.notes()).anyMatch(note -> note.contains(file.toString()));
      assertThat(broker.content("")).isEqualTo(wanted);
      restore(Files.readAllBytes(file), source, Mode.OVER);
      assertThat(broker.content("")).isEqualTo(before);
      Files.delete(file);
    }
    assertThat(kept()).isEmpty();
  }

  private static List<Path> kept() {
    return files(data);
  }

  /** With former definitions. */
  static List<Path> files(Path data) {
    try (Stream<Path> files = Files.walk(data)) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anOlderServerIsRefusedWithBothVersions() throws Exception {
    byte[] newer =
        new String(dump(), StandardCharsets.UTF_8)
            .replaceAll("\"(rabbit(?:mq)?_version)\":\"[0-9.]+\"", "\"$1\":\"99.1.0\"")
            .getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> restore(newer, source, Mode.OVER))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REJECTED))
        .hasMessageContaining("99.1.0")
        .hasMessageContaining(facts(dump()).values().get("server_version"));
  }

  @Test
  void whatWouldFetchMessagesElsewhereDoesNotStartInANewPlace() throws Exception {
    Source vhost = broker.source(Map.of("vhost", "shop"));
    broker.send("PUT", "api/vhosts/copy", "{}");
    byte[] artifact =
        new String(dump(vhost), StandardCharsets.UTF_8)
            .replace("\"component\":\"operator_policy\"", "\"component\":\"shovel\"")
            .getBytes(StandardCharsets.UTF_8);

    RestoreReport report = restore(artifact, vhost, Mode.NEW);

    assertThat(report.notes())
        .anyMatch(note -> note.contains("shovel, cap") && note.contains("merge the same backup"));
    // The plugin is not there: that it is asked for shows that the parameter comes along.
    assertThatThrownBy(() -> restore(artifact, broker.source(Map.of("vhost", "copy")), Mode.MERGE))
        .hasMessageContaining("rabbitmq-plugins enable");
  }

  @Test
  void mirrorsAreLeftOutWhereNoneCanBe() throws Exception {
    broker.send(
        "PUT",
        "api/policies/shop/both",
        "{\"pattern\":\"^q\",\"definition\":{\"ha-mode\":\"all\",\"max-length\":7}}");
    broker.send(
        "PUT",
        "api/policies/shop/mirrored",
        "{\"pattern\":\"^q\",\"definition\":{\"ha-mode\":\"all\"}}");
    byte[] artifact = dump(broker.source(Map.of("vhost", "shop")));
    broker.send("PUT", "api/vhosts/copy", "{}");

    try (RabbitProxy newer = RabbitProxy.newer(broker.name(), "4.1.0")) {
      RestoreReport report =
          restore(
              artifact,
              broker.source(Map.of("vhost", "copy", "port", String.valueOf(newer.port()))),
              Mode.OVER);

      assertThat(report.notes())
          .anyMatch(note -> note.contains("no mirrored") && note.contains("both; policy mirrored"));
    }
    assertThat(broker.names("api/policies/copy")).containsExactlyInAnyOrder("both", "short");
    assertThat(broker.content("/copy")).contains("\"max-length\":7").doesNotContain("ha-mode");
  }

  @Test
  void aBrokersBackupIsNoVhostsAndTheOtherWayRound() throws Exception {
    Source vhost = broker.source(Map.of("vhost", "shop"));

    assertThatThrownBy(() -> restore(dump(), vhost, Mode.OVER))
        .hasMessageContaining("the backup is of a whole broker");
  }

  @Test
  void messagesThatGoWithAQueueAreNamed() throws Exception {
    byte[] artifact = dump();
    broker.send("PUT", "api/queues/shop/later", "{\"durable\":true}");
    broker.send(
        "POST",
        "api/exchanges/shop/amq.default/publish",
        "{\"properties\":{},\"routing_key\":\"later\",\"payload\":\"x\",\"payload_encoding\":"
            + "\"string\"}");

    RestoreReport report = restore(artifact, source, Mode.OVER);

    assertThat(report.notes()).anyMatch(note -> note.startsWith("queue later, vhost shop was"));
    assertThat(broker.names("api/queues/" + HttpApi.segment("shop"))).doesNotContain("later");
  }

  @Test
  void theLoginsOfThePageAreEnough() throws Exception {
    for (String line : EnginesPage.lines("rabbitmq", "rabbitmqctl add_user")) {
      List<String> words = EnginesPage.words(line.replace("…", RabbitLab.PASSWORD));
      Process ctl = broker.ctl(words.subList(1, words.size()).toArray(new String[0])).start();
      assertThat(ctl.waitFor()).as(line).isZero();
    }
    Source logins =
        broker.source(
            Map.of("user", "backup", "restore_user", "restore", "restore_password", "env:LAB"));
    byte[] artifact = dump(logins);
    String before = broker.content("");
    RabbitEngineLab.spoil(broker, "shop");
    // There it has no permissions.
    broker.send("PUT", "api/vhosts/later", "{}");
    broker.send("PUT", "api/queues/later/full", "{\"durable\":true}");

    RestoreReport report = restore(artifact, logins, Mode.OVER);

    assertThat(report.notes())
        .contains("queue full, vhost later was deleted", "vhost later was deleted");

    assertThat(broker.content("")).isEqualTo(before);
    broker.ctl("clear_permissions", "-p", "shop", "restore").start().waitFor();
    RabbitEngineLab.spoil(broker, "shop");
    assertThatThrownBy(() -> restore(artifact, logins, Mode.OVER))
        .hasMessageContaining("set_permissions -p VHOST restore '.*' '.*' '.*'");
    assertThat(engine.check(logins)).noneMatch(Diagnostic::isError);
    Source vhost =
        broker.source(
            Map.of(
                "vhost",
                "shop",
                "user",
                "backup",
                "restore_user",
                "restore",
                "restore_password",
                "env:LAB"));
    restore(dump(vhost), vhost, Mode.NEW);
  }

  @Test
  void whoComesWithoutTheTagIsToldHowToGetIt() {
    Source nobody = broker.source(Map.of("user", "nobody", "password", "env:NOBODY"));

    assertThatThrownBy(() -> engine.dump(nobody))
        .hasMessageContaining("set_user_tags backup administrator");
    assertThatThrownBy(() -> engine.dump(broker.source(Map.of("password", "env:WRONG"))))
        .hasMessageContaining("the user or its password is wrong");
    assertThatThrownBy(() -> engine.dump(broker.source(Map.of("port", "1"))))
        .hasMessageStartingWith("counting users at RabbitMQ 127.0.0.1:1: nothing listens there");
  }
}
