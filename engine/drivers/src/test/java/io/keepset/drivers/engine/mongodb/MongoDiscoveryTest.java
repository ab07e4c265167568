package io.keepset.drivers.engine.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.policy.Options;
import io.keepset.spi.Discovery;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.time.InstantSource;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MongoDiscoveryTest {
  private final Discovery discovery =
      new MongoEngine(InstantSource.system()).discovery().orElseThrow();
  private MongoLab lab;

  @BeforeEach
  void start() {
    lab = new MongoLab();
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void everyDatabaseIsFoundAndThoseOfTheServerAreTold() throws Exception {
    for (String name : new String[] {"shop", "admin", "carts"}) {
      lab.database(name.equals("admin") ? "local" : name)
          .getCollection("a")
          .insertOne(new Document("_id", 1));
    }

    assertThat(discovery.databases(lab.source("shop", Map.of())))
        .filteredOn(found -> !found.system())
        .extracting(Discovery.Found::database)
        .containsExactly("carts", "shop");
  }

  @Test
  void whoMayNotAskIsDenied() {
    Source nobody = lab.source("shop", Map.of(), "user", "nobody", "password", "env:NOBODY");
    assertThatThrownBy(() -> discovery.databases(nobody))
        .isInstanceOfSatisfying(
            DriverException.class,
            e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.DENIED));
  }

  @Test
  void onePlaceHasOneSpelling() {
    assertThat(discovery.place("a", Options.of(Map.of("host", "127.0.0.1"))))
        .isEqualTo(discovery.place("b", Options.of(Map.of("database", "a"))))
        .isEqualTo("localhost:27017/a");
    assertThat(
            discovery.place("a", Options.of(Map.of("hosts[0]", "B:27017", "hosts[1]", "a:27017"))))
        .isEqualTo(
            discovery.place("a", Options.of(Map.of("hosts[0]", "a:27017", "hosts[1]", "b:27017"))));
  }
}
