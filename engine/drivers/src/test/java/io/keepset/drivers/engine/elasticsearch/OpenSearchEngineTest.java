package io.keepset.drivers.engine.elasticsearch;

import org.junit.jupiter.api.Tag;

/** The laws, by a real OpenSearch, which comes without users. */
@Tag("slow")
class OpenSearchEngineTest extends ElasticRestoreContract {
  @Override
  ElasticLab startServer() throws Exception {
    return new ElasticLab("opensearch");
  }
}
