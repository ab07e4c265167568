package io.keepset.drivers.engine.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.ScratchContract;
import io.keepset.drivers.tool.OwnedDirectory;
import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Archives restored into a server that lives only for that: a {@code mongod} that is none, as no
 * package has it.
 */
class MongoScratchTest extends ScratchContract {
  private final MongoEngineLab databases = new MongoEngineLab();
  private Path tools;

  @Override
  protected EngineLab start() throws IOException {
    tools = Files.createTempDirectory("keepset-mongod");
    MongodStandIn.install(tools);
    return databases;
  }

  @AfterAll
  void removeProgram() throws IOException {
    OwnedDirectory.delete(tools);
  }

  @Override
  protected Options options() {
    return Options.of(Map.of("tools_dir", tools.toString()));
  }

  @Override
  protected String counted() {
    return Contents.DOCUMENTS;
  }

  /** Of another database: whole in itself. */
  @Override
  protected Optional<byte[]> hollow(byte[] good) throws Exception {
    Source other = databases.small();
    databases.spoil(other);
    try (Dump dump = databases.engine().dump(other)) {
      byte[] less = dump.stream().readAllBytes();
      dump.finish();
      return Optional.of(less);
    }
  }

  /** mongodump takes them along, and no restore puts them into another server. */
  @Test
  void collectionsOfTheServerAreNotMissed() throws Exception {
    Contents contents = new Contents();
    for (String name : List.of("orders", "system.js")) {
      Namespace namespace = new Namespace("shop", name);
      contents.announce(new Announced(namespace, "", "collection"));
      contents.count(namespace);
    }

    ArtifactFacts facts = contents.facts();

    assertThat(facts.values()).containsEntry("collections", "2").containsEntry("documents", "2");
    assertThat(new TreeMap<>(Contents.restored(facts).values()))
        .containsEntry("collections", "1")
        .containsEntry("documents", "1");
  }
}
