package io.keepset.drivers.engine.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.Newer;
import io.keepset.drivers.engine.ScratchPlace;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The laws, by a real Elasticsearch. */
@Tag("slow")
class ElasticEngineTest extends ElasticRestoreContract {
  @Override
  ElasticLab startServer() throws Exception {
    return new ElasticLab("elasticsearch");
  }

  /** One instance for all that a proof promises: each takes a while to start. */
  @Test
  void aProofByANodeOfItsOwnSeesWhatIsMissing(@TempDir(cleanup = CleanupMode.ALWAYS) Path temporary)
      throws Exception {
    ScratchPlace place = ScratchPlace.in(temporary);
    Source source = lab().small();
    // Where it runs; the one of the proof is no such node.
    server().send("PUT", "shop/_settings", "{\"index.routing.allocation.require.box\":\"old\"}");
    Made whole = make(source);
    Made hollow = make(EngineLab.changed(source, Map.of(), Map.of("indices[1]", "shop")));
    Engine engine = lab().engine();
    Options options = Options.of(Map.of("tools_dir", server().home().resolve("bin").toString()));
    assertThat(engine.scratch().missing(options)).isEmpty();

    try (Scratch.Instance instance =
        engine
            .scratch()
            .start(
                new Scratch.Wanted(
                    whole.facts(), whole.artifact().length, options, place.path()))) {
      engine.checkRestore(whole.facts(), instance.target(), instance.request());
      assertThatThrownBy(() -> prove(hollow, whole, instance)).isInstanceOf(DriverException.class);

      assertThat(prove(whole, whole, instance))
          .isEqualTo(
              new Scratch.Comparison(
                  List.of("2 indices", "340 documents", "3 shards as at the dump"), List.of()));

      Cluster.toRestore(instance.target()).delete("other_proof");
      assertThat(compare(instance).differences())
          .containsExactly("1 of 2 indices did not come back: other");
      assertThat(instance.describe())
          .isEqualTo("Elasticsearch " + whole.facts().values().get("server_version"));
    }
    place.requireNothingLeft();
  }

  private Scratch.Comparison prove(Made artifact, Made claimed, Scratch.Instance instance)
      throws DriverException {
    RestoreReport restored =
        lab()
            .engine()
            .restore(
                artifact.open(), claimed.facts(), List.of(), instance.target(), instance.request());
    return instance.compare(restored);
  }

  private static Scratch.Comparison compare(Scratch.Instance instance) throws DriverException {
    return instance.compare(new RestoreReport("a node", List.of()));
  }

  @Test
  void aBackupOfOpenSearchIsNotProvenByElasticsearch(
      @TempDir(cleanup = CleanupMode.ALWAYS) Path temporary) throws Exception {
    Made made = make(lab().small());

    assertThatThrownBy(
            () ->
                lab()
                    .engine()
                    .scratch()
                    .start(
                        new Scratch.Wanted(
                            Newer.with(made.facts(), "product", Version.OPENSEARCH),
                            1,
                            Options.NONE,
                            temporary)))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("the backup is of OpenSearch");
  }
}
