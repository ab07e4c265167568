package io.keepset.drivers.engine.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Location;
import io.keepset.drivers.Drivers;
import io.keepset.plan.Samples;
import io.keepset.policy.Instance;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.reconcile.Listing;
import io.keepset.reconcile.Undeclared;
import io.keepset.spi.Discovery.Found;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What of a broker counts as declared. */
class RabbitDiscoveryTest {
  private static final Options BROKER = Options.of(Map.of("host", "mq1"));

  private static List<String> missed(Options declared) {
    Instance instance =
        new Instance(
            "mq1",
            RabbitEngine.NAME,
            BROKER,
            Options.NONE,
            true,
            new TreeMap<>(),
            new Location("a.yaml", 3, 3));
    Listing listing =
        new Listing(
            List.of(
                new Found("/", OptionalLong.empty(), false),
                new Found("shop", OptionalLong.empty(), false)),
            Optional.empty());
    return Undeclared.find(
            List.of(protection(declared)),
            List.of(instance),
            Map.of("mq1", listing),
            Drivers.engines(InstantSource.system()),
            LocalDate.parse("2026-11-22"))
        .changes()
        .stream()
        .map(change -> change.target().name())
        .toList();
  }

  private static Protection protection(Options connection) {
    Protection any = Samples.nightly("broker");
    return any.change()
        .engine(RabbitEngine.NAME)
        .connection(connection)
        .options(Options.NONE)
        .build();
  }

  @Test
  void aBackupOfTheWholeBrokerCoversEveryVhost() {
    assertThat(missed(BROKER)).isEmpty();
  }

  @Test
  void aBackupOfOneVhostCoversThatOne() {
    assertThat(missed(BROKER.with("vhost", "shop"))).containsExactly("mq1//");
  }

  @Test
  void anotherBrokerCoversNone() {
    assertThat(missed(Options.of(Map.of("host", "mq2")))).containsExactly("mq1//", "mq1/shop");
  }
}
