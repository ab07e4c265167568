package io.keepset.drivers.engine.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Options;
import io.keepset.spi.Discovery;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which databases a server has, as a fake of it says. */
class RethinkDiscoveryTest {
  private final FakeRethink server = new FakeRethink();
  private final Discovery discovery = new RethinkDiscovery(server::open);

  @Test
  void databasesAreFoundAndTheServersOwnIsTold() throws Exception {
    server.database("shop");
    server.database("boards");
    server.database("rethinkdb");

    assertThat(discovery.databases(server.source("shop")))
        .filteredOn(found -> !found.system())
        .extracting(Discovery.Found::database)
        .containsExactly("boards", "shop");
  }

  @Test
  void onePlaceHasOneSpelling() {
    assertThat(discovery.place("a", Options.of(Map.of("host", "127.0.0.1"))))
        .isEqualTo(discovery.place("b", Options.of(Map.of("database", "a"))))
        .isEqualTo("localhost:28015/a");
  }
}
