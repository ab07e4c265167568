package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.ScratchContract;
import io.keepset.spi.Dump;
import java.util.Map;
import java.util.Optional;

/** Definitions imported into a broker that lives only for that. */
class RabbitScratchTest extends ScratchContract {
  private RabbitEngineLab brokers;

  @Override
  protected EngineLab start() {
    brokers = new RabbitEngineLab();
    return brokers;
  }

  @Override
  protected String counted() {
    return "queues";
  }

  /** Definitions of another moment: whole in themselves. */
  @Override
  protected Optional<byte[]> hollow(byte[] good) throws Exception {
    brokers.main.delete("api/queues/shop/q3");
    try (Dump dump = brokers.engine().dump(brokers.main.source(Map.of()))) {
      byte[] less = dump.stream().readAllBytes();
      dump.finish();
      return Optional.of(less);
    }
  }
}
