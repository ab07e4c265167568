package io.keepset.drivers.engine.redis;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Restores of one backup over servers. */
abstract class RedisRestores {
  static final RedisEngine ENGINE = new RedisEngine();
  static final RestoreRequest OVER = new RestoreRequest(Mode.OVER, Optional.empty());
  static final int KEYS = 2000;

  static RedisLab origin;
  static byte[] artifact;
  static ArtifactFacts facts;

  @BeforeAll
  static void back() throws Exception {
    origin = RedisLab.start();
    origin.run("DEBUG", "POPULATE", String.valueOf(KEYS), "key", "1000");
    try (Dump dump = ENGINE.dump(origin.leastRights())) {
      artifact = dump.stream().readAllBytes();
      facts = dump.finish().facts();
    }
  }

  @AfterAll
  static void stop() {
    origin.close();
  }

  static RestoreReport restore(RedisLab target) throws DriverException {
    return restore(new ByteArrayInputStream(artifact), facts, target.leastRights());
  }

  static RestoreReport restore(InputStream from, ArtifactFacts facts, Source target)
      throws DriverException {
    ENGINE.checkRestore(facts, target, OVER);
    return ENGINE.restore(from, facts, List.of(), target, OVER);
  }
}
