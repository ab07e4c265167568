package io.keepset.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonReaderTest {
  private static Validated<Node> read(String json) {
    return JsonText.read(new SourceFile("a.json", json.getBytes(StandardCharsets.UTF_8)));
  }

  private static String problem(String json) {
    Validated<Node> read = read(json);
    assertThat(read.value()).isNull();
    assertThat(read.diagnostics()).hasSize(1);
    Diagnostic d = read.diagnostics().get(0);
    return d.at() + " " + d.message() + " [" + d.code() + "] " + d.hint();
  }

  @Test
  void placesCountFromOneInCharacters() {
    MapNode map = (MapNode) read("{\n \"\uD83D\uDE00\": 1, \"b\": [true,\n  null]}").value();

    assertThat(map.at()).hasToString("a.json:1:1");
    assertThat(map.entries().get(0).keyAt()).hasToString("a.json:2:2");
    assertThat(map.entries().get(0).value().at()).hasToString("a.json:2:7");
    assertThat(map.entries().get(1).keyAt()).hasToString("a.json:2:10");
    assertThat(((ListNode) map.entries().get(1).value()).items().get(1).at())
        .hasToString("a.json:3:3");
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    String json = "{\"a\":[1,-2.5,\"x\\n\\u0000\\uD800\",{},[],null,true],\"\":{\"b\":\"\u00e4\"}}";

    assertThat(JsonText.writeCompact(read(json).value())).isEqualTo(json);
    assertThat(read(JsonText.write(read(json).value())).value()).isEqualTo(read(json).value());
  }

  @Test
  void aTextWithMoreValuesThanFitIntoMemoryIsGivenUp() {
    assertThat(problem("[" + "0,".repeat(1_500_001) + "0]")).contains("source.values");
  }

  @Test
  void mistakesAreSaidInPlainWords() {
    assertThat(problem("{\"a\": 1,}")).startsWith("a.json:1:9 JSON allows no comma before \"}\"");
    assertThat(problem("{\"a\": 1")).startsWith("a.json:1:8 the file ends before");
    assertThat(problem("{a: 1}")).contains("a.json:1:2 unexpected \"a\"");
    assertThat(problem("{'a': 1}")).contains("double quotes only");
    assertThat(problem("// x\n{}")).contains("JSON has no comments");
    assertThat(problem("{\"a\": yes}")).contains("a.json:1:7 `yes` is neither");
    assertThat(problem("{} {}")).contains("a.json:1:4 there is more after");
    assertThat(problem("{\"a\": 1e999999999}")).contains("source.number");
    assertThat(problem("{\"a\": 01}")).contains("a.json:1:8 ");
    assertThat(problem("[".repeat(100_000))).contains("a.json:1:201 ").contains("source.depth");
  }

  @Test
  void aKeyThatStandsTwiceShowsBothPlaces() {
    Validated<Node> read = read("{\"a\": 1,\n \"a\": 2}");

    assertThat(read.value()).isEqualTo(read("{\"a\": 1}").value());
    assertThat(read.diagnostics().get(0).at()).hasToString("a.json:2:2");
    assertThat(read.diagnostics().get(0).message()).contains("a.json:1:2");
  }
}
