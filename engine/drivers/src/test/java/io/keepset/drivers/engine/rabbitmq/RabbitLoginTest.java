package io.keepset.drivers.engine.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.lab.EnginesPage;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the logins of the page may do, and what others are told. */
class RabbitLoginTest extends RabbitRestores {
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
    assertThat(engine().check(logins)).noneMatch(Diagnostic::isError);
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

    assertThatThrownBy(() -> engine().dump(nobody))
        .hasMessageContaining("set_user_tags backup administrator");
    assertThatThrownBy(() -> engine().dump(broker.source(Map.of("password", "env:WRONG"))))
        .hasMessageContaining("the user or its password is wrong");
    assertThatThrownBy(() -> engine().dump(broker.source(Map.of("port", "1"))))
        .hasMessageStartingWith("counting users at RabbitMQ 127.0.0.1:1: nothing listens there");
  }
}
