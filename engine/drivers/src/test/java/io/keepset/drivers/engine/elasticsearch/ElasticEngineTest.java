package io.keepset.drivers.engine.elasticsearch;

import org.junit.jupiter.api.Tag;

/** The laws, by a real Elasticsearch. */
@Tag("slow")
class ElasticEngineTest extends ElasticRestoreContract {
  @Override
  ElasticLab startServer() throws Exception {
    return new ElasticLab("elasticsearch");
  }
}
