package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.ScratchContract;
import io.keepset.drivers.lab.PostgresLab;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Dumps restored into a PostgreSQL that lives only for that. */
class PostgresScratchTest extends ScratchContract {
  @Override
  protected EngineLab start() {
    return new PostgresEngineLab(PostgresLab.start());
  }

  @Override
  protected String counted() {
    return "tables";
  }

  /** A statement that no server knows: the same length, so the archive holds together. */
  @Override
  protected Optional<byte[]> hollow(byte[] good) {
    String text = new String(good, StandardCharsets.ISO_8859_1);
    String broken = text.replaceFirst("CREATE TABLE ", "CREATE TABEL ");
    return Optional.of(broken.getBytes(StandardCharsets.ISO_8859_1));
  }
}
