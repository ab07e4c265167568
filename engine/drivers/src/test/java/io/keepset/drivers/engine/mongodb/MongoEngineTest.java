package io.keepset.drivers.engine.mongodb;

import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;

/** The laws of every engine, by the fake of a server and our own writer and reader. */
class MongoEngineTest extends EngineContract {
  @Override
  protected EngineLab start() {
    return new MongoEngineLab();
  }
}
