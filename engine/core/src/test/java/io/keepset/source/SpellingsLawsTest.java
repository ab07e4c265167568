package io.keepset.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Validated;
import io.keepset.testing.Any;
import io.keepset.testing.Laws;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What is written in any spelling reads back as the same tree, comments included. */
class SpellingsLawsTest {
  private static final Location AT = new Location("tree", 1, 1);

  private static final List<String> NAMES =
      List.of("policy", "database", "schedule", "keepset", "labels", "a-b", "_x", "ü");

  private static final List<String> KEYS =
      List.of("name", "for", "true", "null", "policy", "12", "a b", "yes", "<<", "", "~");

  private static final List<String> COMMENTS =
      List.of("one", "two words", "# three", "four: [5", "*/ six");

  private static final List<String> AWKWARD =
      List.of(
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

  @Test
  void everySpellingReadsBackAsTheSameTree() {
    Laws.forAll(
        400,
        random -> {
          MapNode tree = tree(random);

          for (Spelling spelling : Spelling.values()) {
            assertThat(again(tree, spelling)).as(spelling.word()).isEqualTo(tree);
          }
        });
  }

  @Test
  void aTreeSurvivesTheWayThroughAllSpellings() {
    Laws.forAll(
        200,
        random -> {
          MapNode tree = tree(random);

          MapNode yaml = again(tree, Spelling.YAML);
          MapNode hcl = again(yaml, Spelling.HCL);
          MapNode json = again(hcl, Spelling.JSON);

          assertThat(json).isEqualTo(tree);
          assertThat(Writers.comments(yaml)).containsExactlyInAnyOrderElementsOf(lines(tree));
          assertThat(Writers.comments(hcl)).containsExactlyInAnyOrderElementsOf(lines(tree));
        });
  }

  @Test
  void jsonWritesTheSameTwice() {
    Laws.forAll(
        200,
        random -> {
          MapNode tree = tree(random);

          String once = JsonText.writeCompact(tree);

          assertThat(JsonText.writeCompact(again(tree, Spelling.JSON))).isEqualTo(once);
        });
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

  private static MapNode tree(Random random) {
    return map(random, r -> Any.of(r, NAMES), r -> node(r, 3));
  }

  private static Node node(Random random, int depth) {
    return switch (depth == 0 ? 0 : random.nextInt(3)) {
      case 0 -> scalar(random);
      case 1 -> map(random, SpellingsLawsTest::key, r -> node(r, depth - 1));
      default -> new ListNode(AT, Any.list(random, 4, r -> node(r, depth - 1)));
    };
  }

  private static MapNode map(
      Random random, Function<Random, String> keys, Function<Random, Node> values) {
    Set<String> seen = new LinkedHashSet<>();
    List<MapNode.Entry> entries =
        Any.list(
            random,
            4,
            r ->
                new MapNode.Entry(
                    keys.apply(r),
                    AT,
                    values.apply(r),
                    Any.list(r, 2, c -> Any.of(c, COMMENTS)),
                    Any.chance(r, 0.7) ? null : Any.of(r, COMMENTS)));
    entries.removeIf(e -> !seen.add(e.key()));
    return new MapNode(AT, entries);
  }

  private static ScalarNode scalar(Random random) {
    if (Any.chance(random, 0.05)) {
      return new ScalarNode(AT, null);
    }
    return new ScalarNode(
        AT,
        switch (random.nextInt(4)) {
          case 0 -> random.nextBoolean();
          case 1 -> Any.of(random, random.nextLong(), (long) random.nextInt(100), 0L);
          case 2 ->
              new BigDecimal(new BigInteger(66, random), random.nextInt(24))
                  .multiply(BigDecimal.valueOf(Any.of(random, 1, -1)));
          default -> text(random);
        });
  }

  private static String key(Random random) {
    return random.nextBoolean() ? Any.of(random, KEYS) : text(random);
  }

  private static String text(Random random) {
    String characters = " \t\n\r#:-?*&!|>'\"%@`{}[],$\\<=/ab1";
    return switch (random.nextInt(4)) {
      case 0 -> Any.of(random, AWKWARD);
      case 1 -> Any.text(random, 12);
      case 2 -> Any.text(random, 8, characters);
      default -> Any.text(random, 8, characters) + "\nx\n";
    };
  }
}
