package io.keepset.app.cli;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.elasticsearch.ElasticEngineLab;
import io.keepset.drivers.engine.elasticsearch.ElasticLab;
import io.keepset.drivers.engine.scylla.CassandraLab;
import io.keepset.drivers.engine.scylla.ScyllaEngineLab;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The walk with the engines whose servers take their time. */
@Tag("slow")
class EverySlowEngineTest extends EveryEngineContract {
  @ParameterizedTest
  @ValueSource(strings = {"elasticsearch", "scylla"})
  void worksFromThePolicyFileToTheRestoredCopy(String engine) throws Exception {
    walk(engine, lab(engine));
  }

  private static EngineLab lab(String engine) throws Exception {
    return engine.equals("scylla")
        ? new ScyllaEngineLab(CassandraLab.start())
        : new ElasticEngineLab(new ElasticLab("elasticsearch"));
  }
}
