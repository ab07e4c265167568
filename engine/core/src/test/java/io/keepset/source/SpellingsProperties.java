package io.keepset.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Validated;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** What is written in any spelling reads back as the same tree, comments included. */
class SpellingsProperties {
  private static final Location AT = new Location("tree", 1, 1);

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void everySpellingReadsBackAsTheSameTree(@ForAll("trees") MapNode tree) {
    for (Spelling spelling : Spelling.values()) {
      assertThat(again(tree, spelling)).as(spelling.word()).isEqualTo(tree);
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void aTreeSurvivesTheWayThroughAllSpellings(@ForAll("trees") MapNode tree) {
    MapNode yaml = again(tree, Spelling.YAML);
    MapNode hcl = again(yaml, Spelling.HCL);
    MapNode json = again(hcl, Spelling.JSON);

    assertThat(json).isEqualTo(tree);
    assertThat(Writers.comments(yaml)).containsExactlyInAnyOrderElementsOf(lines(tree));
    assertThat(Writers.comments(hcl)).containsExactlyInAnyOrderElementsOf(lines(tree));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void jsonWritesTheSameTwice(@ForAll("trees") MapNode tree) {
    String once = JsonText.writeCompact(tree);

    assertThat(JsonText.writeCompact(again(tree, Spelling.JSON))).isEqualTo(once);
  }

  private static List<String> lines(MapNode tree) {
    return Comment.lines(Writers.comments(tree));
  }

  private static MapNode again(MapNode tree, Spelling spelling) {
    Validated<Written> written = Writers.write(tree, spelling);
    assertThat(written.diagnostics()).isEmpty();
    String text = written.value().text();
    Validated<MapNode> read =
        Readers.read(new SourceFile("a." + spelling.word(), text.getBytes(StandardCharsets.UTF_8)));
    assertThat(read.diagnostics()).as(text).isEmpty();
    return read.value();
  }

  @Provide
  Arbitrary<MapNode> trees() {
    Arbitrary<String> names =
        Arbitraries.of("policy", "database", "schedule", "keepset", "labels", "a-b", "_x", "ü");
    return map(names, node(3));
  }

  private static Arbitrary<Node> node(int depth) {
    Arbitrary<Node> scalars = scalars();
    if (depth == 0) {
      return scalars;
    }
    Arbitrary<Node> children = node(depth - 1);
    Arbitrary<Node> maps = map(keys(), children).map(m -> m);
    Arbitrary<Node> lists =
        children.list().ofMaxSize(4).map(items -> new ListNode(AT, List.copyOf(items)));
    return Arbitraries.oneOf(scalars, maps, lists);
  }

  private static Arbitrary<MapNode> map(Arbitrary<String> keys, Arbitrary<Node> values) {
    Arbitrary<@Nullable String> after =
        comments().map(c -> (@Nullable String) c).injectNull(0.7).map(c -> c);
    Arbitrary<List<String>> before = comments().list().ofMaxSize(2);
    Arbitrary<MapNode.Entry> entries =
        net.jqwik.api.Combinators.combine(keys, values, before, after)
            .as((k, v, b, a) -> new MapNode.Entry(k, AT, v, b, a));
    return entries.list().ofMaxSize(4).map(SpellingsProperties::withoutDuplicates);
  }

  private static MapNode withoutDuplicates(List<MapNode.Entry> entries) {
    Set<String> seen = new LinkedHashSet<>();
    List<MapNode.Entry> kept = new ArrayList<>(entries);
    kept.removeIf(e -> !seen.add(e.key()));
    return new MapNode(AT, kept);
  }

  private static Arbitrary<Node> scalars() {
    Arbitrary<Object> values =
        Arbitraries.oneOf(
            Arbitraries.of(true, false),
            Arbitraries.longs().map(n -> (Object) n),
            Arbitraries.bigDecimals()
                .between(new BigDecimal("-1e20"), new BigDecimal("1e20"))
                .map(n -> (Object) n),
            texts().map(t -> (Object) t));
    return values.injectNull(0.05).map(value -> new ScalarNode(AT, value));
  }

  private static Arbitrary<String> keys() {
    return Arbitraries.oneOf(
        Arbitraries.of("name", "for", "true", "null", "policy", "12", "a b", "yes", "<<", "", "~"),
        texts());
  }

  private static Arbitrary<String> comments() {
    return Arbitraries.of("one", "two words", "# three", "four: [5", "*/ six");
  }

  private static Arbitrary<String> texts() {
    Arbitrary<String> usual =
        Arbitraries.of(
            "yes",
            "No",
            "null",
            "~",
            "true",
            "012",
            "0x1F",
            "1e3",
            ".5",
            "-",
            "- a",
            "? b",
            "a: b",
            "a:b",
            ":",
            "https://a.example/x",
            "12:30",
            "2026-01-01",
            "a # b",
            "#",
            "* * * * *",
            "&x",
            "!y",
            "%z",
            "@a",
            "`b",
            "|",
            ">",
            "{}",
            "[a]",
            "a, b",
            "\"",
            "'",
            "it's",
            "\\n",
            "${x}",
            "$${x}",
            "%{if}",
            "$",
            "%%",
            "line\n",
            "two\nlines\n",
            " two\n lines\n",
            "two\n\nlines\n\n",
            "\n",
            "a\n\tb\n",
            "EOT\nEOT\n",
            "${a}\n%{b}\n",
            "<<EOT",
            "tab\t",
            "trail ",
            "\u0085x\u2028y\u2029z",
            "\u202E",
            "\uFEFFx",
            "\uFFFE",
            "\u0007",
            "\u00A0",
            "😀",
            "=",
            "a=b",
            "//",
            "/* */",
            "<<",
            "...",
            "---",
            "a\r\nb\r\n",
            "a\n---\nb\n");
    Arbitrary<String> any =
        Arbitraries.strings()
            .all()
            .ofMaxLength(12)
            .map(s -> new String(s.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
            .map(s -> s.replace("\u0000", ""));
    Arbitrary<String> awkward =
        Arbitraries.strings().withChars(" \t\n\r#:-?*&!|>'\"%@`{}[],$\\<=/ab1").ofMaxLength(8);
    return Arbitraries.oneOf(usual, any, awkward, awkward.map(s -> s + "\nx\n"));
  }
}
