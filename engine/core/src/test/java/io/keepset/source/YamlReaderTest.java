package io.keepset.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class YamlReaderTest {
  private static Validated<MapNode> read(String yaml) {
    return Readers.read(new SourceFile("a.yaml", yaml.getBytes(StandardCharsets.UTF_8)));
  }

  private static String json(String yaml) {
    Validated<MapNode> read = read(yaml);
    assertThat(read.diagnostics()).isEmpty();
    return JsonText.writeCompact(read.value());
  }

  private static String problem(String yaml) {
    Validated<MapNode> read = read(yaml);
    assertThat(read.diagnostics()).hasSize(1);
    Diagnostic d = read.diagnostics().get(0);
    return d.at() + " " + d.message() + " [" + d.code() + "] " + d.hint();
  }

  @Test
  void plainTextMeansWhatTheCoreSchemaSays() {
    assertThat(json("{a: null, b: ~, c: , d: true, e: FALSE, f: yes, g: off, h: NO}"))
        .isEqualTo(
            "{\"a\":null,\"b\":null,\"c\":null,\"d\":true,\"e\":false,\"f\":\"yes\",\"g\":\"off\",\"h\":\"NO\"}");
    assertThat(json("[30, -1, +5, 0x1F, 0o17, 1.5, .5, 1e3, 3.0, 0]".transform(s -> "a: " + s)))
        .isEqualTo("{\"a\":[30,-1,5,31,15,1.5,0.5,1000,3,0]}");
    assertThat(json("a: [2026-01-01, 22:30, 012, 1_000, 1.2.3, 7d, -, ., +]"))
        .isEqualTo(
            "{\"a\":[\"2026-01-01\",\"22:30\",\"012\",\"1_000\",\"1.2.3\",\"7d\",\"-\",\".\",\"+\"]}");
  }

  @Test
  void mistakesAreSaidInPlainWords() {
    assertThat(problem("a:\n\tb: 1")).contains("a.yaml:2:1 a tab can't indent YAML");
    assertThat(problem("cron: * * * * *")).contains("a.yaml:1:7 * begins an alias");
    assertThat(problem("a: @x")).contains("a.yaml:1:4 a value can't begin with \"@\"");
    assertThat(problem("a: b: c")).contains("a.yaml:1:5 a colon here");
    assertThat(problem("a: 1\nb\nc: 2")).contains("a.yaml:2:1 this line is neither");
    assertThat(problem("a: \"x\nb: 1")).contains("a.yaml:1:4 the quote that begins here");
    assertThat(problem("a: \"\\u")).contains("no such escape in double quotes");
    assertThat(problem("a: \"\\UFFFFFFFF\"")).contains("no such escape in double quotes");
    assertThat(problem("a: [1, 2\nb: 3")).contains("source.yaml.syntax");
    assertThat(problem("a: {b: 1")).contains("in the { that begins at 1:4");
    assertThat(problem("a:\n    b: 1\n  c: 2")).contains("a.yaml:3:3 the indentation matches");
    assertThat(problem("a: .inf")).contains("source.number");
    assertThat(problem("a: !!str 1")).contains("a.yaml:1:4 Keepset has no YAML tags");
    assertThat(problem("1: x")).contains("put the key in quotes: \"1\"");
    assertThat(problem("a: &x {b: 1}\nc:\n  <<: *x")).contains("a.yaml:3:3 Keepset has no merge");
    assertThat(problem("a: 1\n---\nb: 2")).contains("a.yaml:2:1 a second YAML document");
    assertThat(problem("- a")).contains("found a list");
    assertThat(problem("a: &x [*x]")).contains("stands inside of what it names");
    assertThat(problem("a: *x")).contains("no anchor &x");
    assertThat(problem("a: \u0000")).contains("a.yaml:1:4 the control character U+0000");
    assertThat(problem("a: \"\\0\"")).contains("a.yaml:1:4 the text holds the character U+0000");
    assertThat(problem("a: " + "[".repeat(100_000))).contains("a.yaml:1:53 ").contains("depth");
  }

  @Test
  void anEmptyFileIsAnEmptyMap() {
    assertThat(json("")).isEqualTo("{}");
    assertThat(json("# only\n---\n")).isEqualTo("{}");
    assertThat(json("\uFEFFa: 1")).isEqualTo("{\"a\":1}");
  }

  @Test
  void aliasesAreFollowedUntilTheyExplode() {
    assertThat(json("a: &x {b: 1}\nc: *x")).isEqualTo("{\"a\":{\"b\":1},\"c\":{\"b\":1}}");
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(problem(bomb.toString())).contains("repeat more than 10000 values");
  }

  @Test
  void commentsStayWithTheirKeys() {
    MapNode map =
        read("""
                # the gold one
                gold: # best
                  daily: 30 # a month
                  # weekly: 4
                # a list
                names:
                  # first
                  - "a # b"
                # end
                """)
            .value();

    assertThat(map.entry("gold").orElseThrow().commentsBefore()).containsExactly("the gold one");
    assertThat(map.entry("gold").orElseThrow().commentAfter()).isEqualTo("best");
    MapNode gold = map.map("gold").orElseThrow();
    assertThat(gold.entry("daily").orElseThrow().commentAfter()).isEqualTo("a month");
    assertThat(gold.closingComments()).containsExactly("weekly: 4");
    assertThat(map.entry("names").orElseThrow().commentsBefore())
        .containsExactly("a list", "first");
    assertThat(map.closingComments()).containsExactly("end");
  }
}
