package io.keepset.drivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Options;
import io.keepset.policy.StoreSpec;
import io.keepset.source.JsonText;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.ScalarNode;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of drivers, the schema folders and the policy schema name the same things. */
class DriversTest {
  private static final Path SCHEMAS = Path.of("../../schemas");

  @Test
  void everyEngineHasItsSchemaAndTheOtherWayRound() throws IOException {
    assertThat(Drivers.engines(InstantSource.system()).keySet())
        .as("Drivers.engines and schemas/engines")
        .isEqualTo(files("engines"));
  }

  @Test
  void policiesMayNameEveryEngine() throws IOException {
    assertThat(allowed("database", "engine"))
        .as("definitions/database/engine in policy.schema.json")
        .containsAll(Drivers.engines(InstantSource.system()).keySet());
  }

  @Test
  void everyEngineSaysItsName() {
    Drivers.engines(InstantSource.system())
        .forEach((name, engine) -> assertThat(engine.facts().name()).isEqualTo(name));
  }

  @Test
  void everyStoreHasItsSchemaAndPoliciesMayNameIt() throws IOException {
    assertThat(Drivers.storeTypes())
        .as("Drivers.storeTypes, schemas/stores and policy.schema.json")
        .isEqualTo(files("stores"))
        .isEqualTo(new TreeSet<>(allowed("store", "type")));
  }

  @Test
  void policiesMayNameEveryPlatform() throws IOException {
    MapNode definitions = policySchema().map("definitions").orElseThrow();
    assertThat(texts(definitions.map("platform").orElseThrow()))
        .contains("runner")
        .containsAll(Drivers.platforms(InstantSource.system()).keySet());
  }

  @Test
  void anUnknownStoreTypeIsNamedWithItsNearest() {
    StoreSpec spec = new StoreSpec("main", "s33", Options.NONE, new Location("a.yaml", 1, 1));
    assertThatThrownBy(() -> Drivers.store(spec, Secret::new, () -> true))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("did you mean s3?");
  }

  private static Set<String> files(String folder) throws IOException {
    try (Stream<Path> all = Files.list(SCHEMAS.resolve(folder))) {
      return all.map(file -> file.getFileName().toString().replace(".schema.json", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Set<String> allowed(String definition, String property) throws IOException {
    return texts(
        policySchema()
            .map("definitions")
            .flatMap(all -> all.map(definition))
            .flatMap(found -> found.map("properties"))
            .flatMap(properties -> properties.map(property))
            .orElseThrow());
  }

  private static Set<String> texts(MapNode schema) {
    ListNode allowed = (ListNode) schema.get("enum").orElseThrow();
    return allowed.items().stream()
        .map(item -> ((ScalarNode) item).text())
        .collect(Collectors.toSet());
  }

  private static MapNode policySchema() throws IOException {
    byte[] json = Files.readAllBytes(SCHEMAS.resolve("policy.schema.json"));
    return (MapNode)
        JsonText.read(new SourceFile("policy.schema.json", json)).valid().orElseThrow();
  }
}
