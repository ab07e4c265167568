package io.keepset.drivers.engine.elasticsearch;

import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;
import org.junit.jupiter.api.Tag;

/** The laws of every engine, by a real Elasticsearch. */
@Tag("slow")
class ElasticEngineTest extends EngineContract {
  @Override
  protected EngineLab start() throws Exception {
    return new ElasticEngineLab(new ElasticLab("elasticsearch"));
  }
}
