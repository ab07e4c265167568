package io.keepset.drivers.engine.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.lab.RestoreProcess;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import io.keepset.testing.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What restores that fail, or are killed, leave of a real broker. */
class RabbitUndoTest extends RabbitRestores {
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
      assertThat(engine().check(source))
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
}
