package io.keepset.drivers.engine.redis;

import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;

/** The laws of every engine, by real Redis servers. */
class RedisEngineTest extends EngineContract {
  @Override
  protected EngineLab start() {
    return new RedisEngineLab();
  }
}
