package io.keepset.drivers.engine.rethinkdb;

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
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/**
 * Archives restored into a server that lives only for that: a {@code rethinkdb} that is none, as no
 * package has it.
 */
class RethinkScratchTest extends ScratchContract {
  private final RethinkEngineLab databases = new RethinkEngineLab();
  private Path tools;

  @Override
  protected EngineLab start() throws IOException {
    tools = Files.createTempDirectory("keepset-rethinkdb");
    RethinkStandIn.install(tools);
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
    return "documents";
  }

  /** An archive does not say which version it is from. */
  @Override
  protected Optional<ArtifactFacts> ofTheFuture(ArtifactFacts facts) {
    return Optional.empty();
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
}
