package io.keepset.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Mode;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import java.io.InputStream;
import java.util.List;
import org.everit.json.schema.Schema;
import org.everit.json.schema.ValidationException;
import org.everit.json.schema.loader.SchemaLoader;
import org.json.JSONObject;
import org.json.JSONTokener;
import org.junit.jupiter.api.Test;

class PlanJsonTest {
  @Test
  void isWhatTheSchemaDescribes() throws Exception {
    assertThat(violations(PrinterSamples.design())).isEmpty();
  }

  @Test
  void isWhatTheSchemaDescribesForDeletesAndMoves() throws Exception {
    Plan plan =
        Planner.compare(
            Samples.desired(Samples.on("aws-rds", Samples.nightly("a"))),
            Samples.live(Samples.nightly("a"), Samples.nightly("b")),
            Mode.ADDITIVE);

    assertThat(violations(plan)).isEmpty();
  }

  @Test
  void countsWhatIsLostInTheSummary() {
    JSONObject summary = json(PrinterSamples.design()).getJSONObject("summary");

    assertThat(summary.getInt("backups_expiring")).isEqualTo(23);
    assertThat(summary.getLong("bytes_freed")).isEqualTo(23 * 365_000_000L);
    assertThat(summary.getInt("weakening")).isEqualTo(1);
  }

  static List<String> violations(Plan plan) throws Exception {
    return violations(PlanJson.of(plan, List.of()));
  }

  static List<String> violations(MapNode json) throws Exception {
    try (InputStream in = PlanJson.class.getResourceAsStream("/schemas/plan.schema.json")) {
      Schema schema =
          SchemaLoader.builder()
              .draftV7Support()
              .schemaJson(new JSONObject(new JSONTokener(in)))
              .build()
              .load()
              .build();
      schema.validate(new JSONObject(new JSONTokener(JsonText.write(json))));
      return List.of();
    } catch (ValidationException e) {
      return e.getAllMessages();
    }
  }

  private static JSONObject json(Plan plan) {
    return new JSONObject(JsonText.write(PlanJson.of(plan, PrinterSamples.REFUSED)));
  }
}
