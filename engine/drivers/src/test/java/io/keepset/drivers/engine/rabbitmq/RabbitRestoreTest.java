package io.keepset.drivers.engine.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.drivers.http.HttpApi;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What restores do to a real broker, where the laws of all engines say nothing. */
class RabbitRestoreTest {
  private static RabbitLab broker;

  private final RabbitEngine engine = new RabbitEngine(InstantSource.system());
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
    try (Dump dump = engine.dump(source)) {
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
    Definitions wanted = Definitions.read(new ByteArrayInputStream(artifact), true, item -> true);

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
  void whoComesWithoutTheTagIsToldHowToGetIt() {
    Source nobody = broker.source(Map.of("user", "nobody", "password", "env:NOBODY"));

    assertThatThrownBy(() -> engine.dump(nobody))
        .hasMessageContaining("set_user_tags backup administrator");
    assertThatThrownBy(() -> engine.dump(broker.source(Map.of("password", "env:WRONG"))))
        .hasMessageContaining("the user or its password is wrong");
    assertThatThrownBy(() -> engine.dump(broker.source(Map.of("port", "1"))))
        .hasMessageContaining("nothing listens there");
  }
}
