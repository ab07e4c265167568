package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.ScratchContract;
import io.keepset.drivers.lab.MariadbLab;
import io.keepset.spi.ArtifactFacts;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Dumps loaded into a MariaDB that lives only for that. */
class MysqlScratchTest extends ScratchContract {
  @Override
  protected EngineLab start() {
    return new MysqlEngineLab(MariadbLab.start("event-scheduler=OFF"));
  }

  @Override
  protected String counted() {
    return "tables";
  }

  @Override
  protected Optional<ArtifactFacts> ofTheFuture(ArtifactFacts facts) {
    return Optional.of(with(facts, "server_version", "99.1.0-MariaDB"));
  }

  /** Rows are not read by a check of the file: here is one that no server takes. */
  @Override
  protected Optional<byte[]> hollow(byte[] good) {
    String text = new String(good, StandardCharsets.ISO_8859_1);
    return Optional.of(
        text.replaceFirst("\nINSERT INTO ", "\nINSERT INTA ")
            .getBytes(StandardCharsets.ISO_8859_1));
  }
}
