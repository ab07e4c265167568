package io.keepset.drivers.engine.redis;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.ScratchContract;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Dump;
import java.util.Map;
import java.util.Optional;

/** RDB files loaded by a Redis that lives only for that. */
class RedisScratchTest extends ScratchContract {
  @Override
  protected EngineLab start() {
    return new RedisEngineLab();
  }

  @Override
  protected String counted() {
    return "keys";
  }

  @Override
  protected Optional<ArtifactFacts> ofTheFuture(ArtifactFacts facts) {
    return Optional.of(with(with(facts, "server_version", "99.1"), "rdb_version", "99"));
  }

  /** The file of another moment: whole in itself. */
  @Override
  protected Optional<byte[]> hollow(byte[] good) throws Exception {
    try (RedisLab other = RedisLab.start()) {
      other.run("SET", "one", "1");
      try (Dump dump = new RedisEngine().dump(other.source(Map.of()))) {
        byte[] artifact = dump.stream().readAllBytes();
        dump.finish();
        return Optional.of(artifact);
      }
    }
  }
}
