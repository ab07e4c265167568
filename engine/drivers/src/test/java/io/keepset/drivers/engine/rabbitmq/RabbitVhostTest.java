package io.keepset.drivers.engine.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.Fragile;
import io.keepset.drivers.http.HttpApi;
import io.keepset.policy.Options;
import io.keepset.spi.Discovery;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The laws of every engine, for a backup of a single vhost. */
class RabbitVhostTest extends EngineContract {
  @Override
  protected EngineLab start() {
    return new VhostLab();
  }

  @Test
  void vhostsAreFoundAndAWholeBrokerIsAllOfThem() throws Exception {
    Source vhost = lab().small();
    Discovery discovery = lab().engine().discovery().orElseThrow();

    assertThat(discovery.databases(vhost))
        .extracting(Discovery.Found::database)
        .containsExactly("/", "shop", "taken");
    assertThat(discovery.whole(vhost.connection())).isEmpty();
    assertThat(discovery.place("any", vhost.connection()))
        .isEqualTo("localhost:" + vhost.connection().get("port", "") + "/shop");
    assertThat(discovery.whole(Options.of(Map.of("host", "MQ1")))).contains("mq1:15672");
  }

  private static final class VhostLab extends RabbitEngineLab {
    private int fresh;

    @Override
    public Source small() {
      main.empty();
      fill(main, "shop");
      main.send("PUT", "api/vhosts/taken", "{}");
      return main.source(Map.of("vhost", "shop"));
    }

    @Override
    public Source big(long bytes) {
      RabbitLab broker = other();
      broker.empty();
      broker.send("PUT", "api/vhosts/shop", "{}");
      for (long i = 0; i <= bytes / LARGE.length(); i++) {
        broker.send(
            "PUT",
            "api/exchanges/shop/e" + i,
            "{\"type\":\"fanout\",\"arguments\":{\"x-large\":\"" + LARGE + "\"}}");
      }
      return mortal(Map.of("vhost", "shop"));
    }

    @Override
    public String content(Source source) {
      return main.content("/shop");
    }

    @Override
    public String content(RestoreReport restored) {
      String vhost = restored.target().replaceFirst("^RabbitMQ .*, vhost ", "");
      return main.content("/" + HttpApi.segment(vhost));
    }

    @Override
    public void spoil(Source source) {
      spoil(main, "shop");
    }

    @Override
    public List<String> inventory() {
      return main.names("api/vhosts").stream()
          .sorted()
          .map(vhost -> vhost + main.content("/" + HttpApi.segment(vhost)))
          .toList();
    }

    @Override
    public boolean choosesNames() {
      return true;
    }

    @Override
    public String freshName() {
      return "fresh" + ++fresh;
    }

    @Override
    public String takenName() {
      return "taken";
    }

    @Override
    public Optional<Fragile> fragileRestore(Source source) {
      return Optional.of(EngineLab.behindRelay(source, LIMIT, Map.of(), freshName()));
    }

    @Override
    public String nameOf(String item) {
      return item.replaceFirst("(?s)[^\\w].*$", "");
    }

    @Override
    public Optional<Source> wrongPassword(Source source) {
      return Optional.of(main.source(Map.of("vhost", "shop", "password", "env:WRONG")));
    }

    @Override
    public Optional<Source> withoutRights(Source source) {
      return Optional.of(
          main.source(Map.of("vhost", "shop", "user", "nobody", "password", "env:NOBODY")));
    }
  }
}
