package io.keepset.drivers.engine.rethinkdb;

import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;

/** The laws of every engine, by a server in memory. */
class RethinkEngineTest extends EngineContract {
  @Override
  protected EngineLab start() {
    return new RethinkEngineLab();
  }
}
