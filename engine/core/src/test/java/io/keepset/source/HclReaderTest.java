package io.keepset.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Validated;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HclReaderTest {
  private static Validated<MapNode> read(String hcl) {
    return Readers.read(new SourceFile("a.hcl", hcl.getBytes(StandardCharsets.UTF_8)));
  }

  private static String json(String hcl) {
    Validated<MapNode> read = read(hcl);
    assertThat(read.diagnostics()).isEmpty();
    return JsonText.writeCompact(read.value()).replace('"', '\'');
  }

  private static List<String> problems(String hcl) {
    Validated<MapNode> read = read(hcl);
    return read.diagnostics().stream().map(d -> d.at() + " " + d.message()).toList();
  }

  private static String problem(String hcl) {
    List<String> problems = problems(hcl);
    assertThat(problems).hasSize(1);
    return problems.get(0);
  }

  @Test
  void labelledBlocksNestAndMerge() {
    assertThat(
            json(
                """
                policy "gold" {
                  schedule "nightly" { cron = "0 2 * * *" }
                  retention {
                    daily = 30
                  }
                }
                policy silver { schedule "x" {} }
                """))
        .isEqualTo(
            "{'policy':{'gold':{'schedule':{'nightly':{'cron':'0 2 * * *'}},"
                + "'retention':{'daily':30}},'silver':{'schedule':{'x':{}}}}}");
  }

  @Test
  void valuesAreLiteralsAndReferences() {
    assertThat(json("a = -1.50\nb = [1, true,\n null,]\nc = {x = 1, \"y z\": 2\n 3 = 4}"))
        .isEqualTo("{'a':-1.5,'b':[1,true,null],'c':{'x':1,'y z':2,'3':4}}");
    assertThat(json("a = \"\\u00e4\\U0001F600\\t$${x}%%{y} $5 100%\""))
        .isEqualTo("{'a':'\u00e4\uD83D\uDE00\\t${x}%{y} $5 100%'}");
    ScalarNode reference = (ScalarNode) read("policy = policy.gold").value().get("policy").get();
    assertThat(reference.text()).isEqualTo("gold");
    assertThat(reference.reference()).isEqualTo("policy");
  }

  @Test
  void heredocsKeepTheirLines() {
    assertThat(json("a = <<EOT\n  one\n\n two $${x} \\n\nEOT\nb = 1"))
        .isEqualTo("{'a':'  one\\n\\n two ${x} \\\\n\\n','b':1}");
    assertThat(json("a = <<-EOT\r\n    one\r\n\r\n      two\r\n    EOT\r\n"))
        .isEqualTo("{'a':'one\\n\\n  two\\n'}");
  }

  @Test
  void commentsOfAllKindsStay() {
    MapNode map =
        read("# a\n// b\n/* c\n * d */\nx = 1 # e\ny = /* f */ 2\nz {\n  q = 1\n  # g\n}\n")
            .value();

    assertThat(map.entry("x").orElseThrow().commentsBefore()).containsExactly("a", "b", "c", "d");
    assertThat(map.entry("x").orElseThrow().commentAfter()).isEqualTo("e");
    assertThat(map.entry("y").orElseThrow().commentAfter()).isEqualTo("f");
    assertThat(map.map("z").orElseThrow().closingComments()).containsExactly("g");
  }

  @Test
  void expressionsAreNamed() {
    assertThat(problem("a = \"x ${var.b} y\"")).contains("1:8 this is an interpolation (${ })");
    assertThat(problem("a = \"%{if x}y\"")).contains("1:6 this is a template directive (%{ })");
    assertThat(problem("a = file(\"x\")")).contains("1:5 this is a call of the function `file`");
    assertThat(problem("a = 1 + 2")).contains("1:7 this is the operator +");
    assertThat(problem("a = b ? 1 : 2")).contains("1:7 this is a conditional");
    assertThat(problem("a = [for x in y : x]")).contains("1:6 this is a for expression");
    assertThat(problem("a = {for x in y : x => 1}")).contains("a for expression");
    assertThat(problem("a = b.c.d")).contains("1:8 this is an attribute of a value");
    assertThat(problem("a = b.c[0]")).contains("1:8 this is an index");
    assertThat(problem("a = b.*.c")).contains("1:6 this is a splat");
    assertThat(problem("a = (1)")).contains("1:5 this is an expression in parentheses");
    assertThat(problem("a = !true")).contains("the operator !");
    assertThat(problem("a = -b")).contains("the operator -");
  }

  @Test
  void mistakesAreSaidInPlainWords() {
    assertThat(problem("a = gold")).contains("1:5 `gold` is neither a value nor a reference");
    assertThat(problem("a = 30d")).contains("1:5 `30d` is neither a number nor text");
    assertThat(problem("a = 'x'")).contains("1:5 a value is missing here, found \"'\"");
    assertThat(problem("a =")).contains("1:4 a value is missing here, found the end of the file");
    assertThat(problem("a: 1")).contains("1:2 `a` must be followed by = or {, found \":\"");
    assertThat(problem("a = 1, b = 2")).contains("1:6 the line must end here, found \",\"");
    assertThat(problem("\"a\" = 1")).contains("without quotes");
    assertThat(problem("a = \"x\nb = 1")).contains("1:5 the quote that begins here");
    assertThat(problem("a = \"\\q\"")).contains("1:6 no such escape");
    assertThat(problem("a = \"\\uD8\"")).contains("four hexadecimal digits");
    assertThat(problem("a = \"\\uD800\"")).contains("half of a surrogate pair");
    assertThat(problem("a = [1 2]")).contains("1:8 a comma or ] must stand here");
    assertThat(problem("a = [1")).contains("1:5 the [ that begins here is never closed");
    assertThat(problem("p \"x\" {\n a = 1\n")).contains("1:7 the brace that begins here is never");
    assertThat(problem("a = 1\n}\nb = 2")).contains("2:1 this brace closes nothing");
    assertThat(problem("a = <<EOT\nx\n")).contains("1:5 the heredoc that begins here");
    assertThat(problem("/* x")).contains("1:1 the comment that begins here");
    assertThat(problem("a = " + "[".repeat(100_000))).contains("1:54 ").contains("levels deep");
    assertThat(problem("a {\n".repeat(100_000))).contains("levels deep");
    assertThat(problem("a " + "b ".repeat(100) + "{\n}")).contains("levels deep");
  }

  @Test
  void allMistakesOfAFileAreTold() {
    assertThat(
            problems(
                """
                policy "gold" {
                  a = 1 + 1
                  schedule "x" {
                    cron = foo
                    b = [1, two(3),
                      4]
                  }
                  c = 'y'
                }
                policy "gold" {}
                d = "\\q"
                """))
        .hasSize(6)
        .last()
        .asString()
        .contains("a.hcl:11:6 no such escape");
  }

  @Test
  void aNameThatStandsTwiceShowsBothPlaces() {
    assertThat(problem("policy \"a\" {}\npolicy \"a\" {}"))
        .contains("2:8 `a` stands twice here, the first time at a.hcl:1:8");
    assertThat(problem("a {}\na \"b\" {}")).contains("2:1 `a` stands twice");
    assertThat(problem("a = {b = 1, b = 2}")).contains("1:13 `b` stands twice");
  }
}
