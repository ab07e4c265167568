package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;

/** The laws of every engine, by real brokers. */
class RabbitEngineTest extends EngineContract {
  @Override
  protected EngineLab start() {
    return new RabbitEngineLab();
  }
}
