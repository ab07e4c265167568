package io.keepset.drivers.engine.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Source;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The laws of every engine, by a real Elasticsearch. */
@Tag("slow")
class ElasticEngineTest extends EngineContract {
  @Override
  protected EngineLab start() throws Exception {
    return new ElasticEngineLab(new ElasticLab("elasticsearch"));
  }

  @Test
  void whatAPatternLeavesOutSurvivesARestoreOver() throws Exception {
    Source whole = lab().small();
    String before = lab().content(whole);
    Source without =
        EngineLab.changed(
            whole,
            Map.of(),
            Map.of("indices[0]", "shop", "indices[1]", "o*", "indices[2]", "-other*"));
    Made made = make(without);
    assertThat(made.facts().values()).containsEntry("index_names", "shop");

    restore(made, without, new RestoreRequest(RestoreRequest.Mode.OVER, Optional.empty()));

    assertThat(lab().content(whole)).isEqualTo(before).contains("other");
  }
}
