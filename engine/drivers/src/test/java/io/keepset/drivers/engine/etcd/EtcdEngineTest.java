package io.keepset.drivers.engine.etcd;

import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;

/** The laws of every engine, by real etcd servers. */
class EtcdEngineTest extends EngineContract {
  @Override
  protected EngineLab start() {
    return new EtcdEngineLab();
  }
}
