package io.keepset.drivers.engine.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.drivers.http.HttpApi;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What restores bring to a real broker, where the laws of all engines say nothing. */
class RabbitRestoreTest extends RabbitRestores {
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
}
