package io.keepset.drivers.engine.elasticsearch;

import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;
import org.junit.jupiter.api.Tag;

/** The laws of every engine, by a real OpenSearch, which comes without users. */
@Tag("slow")
class OpenSearchEngineTest extends EngineContract {
  @Override
  protected EngineLab start() throws Exception {
    return new ElasticEngineLab(new ElasticLab("opensearch"));
  }
}
