package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.everit.json.schema.Schema;
import org.everit.json.schema.loader.SchemaLoader;
import org.json.JSONObject;
import org.json.JSONTokener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationSchemaTest {
  @TempDir private Path home;

  @Test
  void whatIsPrintedIsWhatTheSchemaSays() throws Exception {
    Path history = home.resolve("history.jsonl");
    Files.writeString(
        history,
        """
        {"time": "2026-11-21T02:00:00Z", "size": 3000}
        {"time": "2026-11-20T02:00:00Z", "size": 2000}
        {"time": "2026-11-19T02:00:00Z", "state": "FAILED"}
        """);

    check("--retention", "{daily: 1}", "--history", history.toString());
    check("--retention", "{daily: 1}", "--history", history.toString(), "--at", "2026-12-24");
  }

  private void check(String... options) throws Exception {
    String[] words = new String[options.length + 3];
    words[0] = "retention";
    words[1] = "simulate";
    words[2] = "--json";
    System.arraycopy(options, 0, words, 3, options.length);
    Result result = new CommandLineForTests(home.resolve("data")).run(words);
    assertThat(result.code()).as(result.err()).isZero();
    try (InputStream in =
        getClass().getResourceAsStream("/schemas/retention-simulation.schema.json")) {
      Schema schema =
          SchemaLoader.builder()
              .draftV7Support()
              .schemaJson(new JSONObject(new JSONTokener(in)))
              .build()
              .load()
              .build();
      schema.validate(new JSONObject(result.out()));
    }
  }
}
