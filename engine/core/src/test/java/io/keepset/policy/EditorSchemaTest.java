package io.keepset.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.everit.json.schema.Schema;
import org.everit.json.schema.ValidationException;
import org.everit.json.schema.loader.SchemaLoader;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** By a validator that knows nothing of Keepset, as an editor does not. */
class EditorSchemaTest {
  private static final JSONObject BUNDLE = (JSONObject) SchemaFile.json(EditorSchema.bundle());

  private final Schema schema =
      SchemaLoader.builder().schemaJson(BUNDLE).draftV7Support().build().load().build();

  @Test
  void everyEngineAndStoreStandsInIt() {
    for (String engine : SchemaFile.availableEngines()) {
      assertThat(BUNDLE.getJSONObject("definitions").has("engine-" + engine)).isTrue();
    }
    assertThat(SchemaFile.availableEngines()).contains("postgresql", "redis", "volume");
    assertThat(BUNDLE.getJSONObject("definitions").keySet())
        .contains("store-directory", "store-s3");
  }

  @Test
  void itRefersToNothingOutsideOfItself() {
    assertThat(BUNDLE.toString()).doesNotContain("\"$ref\":\"http").doesNotContain(".json#");
  }

  @Test
  void whatIsRightPasses() {
    assertThatCode(
            () ->
                schema.validate(
                    database("{engine: volume, policy: p, connection: {path: '/srv/files'}}")))
        .doesNotThrowAnyException();
    assertThatCode(() -> schema.validate(store("{type: directory, path: '/var/backups'}")))
        .doesNotThrowAnyException();
  }

  @Test
  void mistakesInsideOfConnectionsOptionsAndStoresAreSeen() {
    assertMistake(database("{engine: volume, policy: p, connection: {paht: '/srv'}}"), "paht");
    assertMistake(
        database("{engine: volume, policy: p, connection: {path: '/a'}, options: {exclud: [x]}}"),
        "exclud");
    assertMistake(store("{type: directory, path: '/var', mont: '/x'}"), "mont");
  }

  private void assertMistake(JSONObject document, String key) {
    assertThatThrownBy(() -> schema.validate(document))
        .isInstanceOfSatisfying(
            ValidationException.class,
            e -> assertThat(String.join("\n", e.getAllMessages())).contains(key));
  }

  private static JSONObject database(String body) {
    return new JSONObject("{database: {d: " + body + "}}");
  }

  private static JSONObject store(String body) {
    return new JSONObject("{store: {s: " + body + "}}");
  }
}
