package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.lab.PostgresLab;

/** The laws of every engine, by a real PostgreSQL. */
class PostgresEngineTest extends EngineContract {
  @Override
  protected EngineLab start() {
    return new PostgresEngineLab(PostgresLab.start());
  }
}
