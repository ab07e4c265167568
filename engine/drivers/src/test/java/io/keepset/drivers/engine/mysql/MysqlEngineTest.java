package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.lab.MariadbLab;

/** The laws of every engine, by a real MariaDB. */
class MysqlEngineTest extends EngineContract {
  @Override
  protected EngineLab start() {
    return new MysqlEngineLab(MariadbLab.start("event-scheduler=OFF"));
  }
}
