package io.keepset.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Excerpt;
import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Validated;
import java.nio.charset.StandardCharsets;

/**
 * For any bytes a reader returns, its places are in the file, and what it read is written and read
 * back as the same tree. A normal build replays the kept inputs; with {@code JAZZER_FUZZ=1} in the
 * environment one of the tests looks for new ones, such as {@code -Dtest=ReadersFuzzTest#yaml}.
 */
class ReadersFuzzTest {
  @FuzzTest(maxDuration = "20s")
  void yaml(byte[] bytes) {
    law("a.yaml", bytes);
  }

  @FuzzTest(maxDuration = "20s")
  void hcl(byte[] bytes) {
    law("a.hcl", bytes);
  }

  @FuzzTest(maxDuration = "20s")
  void json(byte[] bytes) {
    law("a.json", bytes);
    Validated<Node> document = JsonText.read(new SourceFile("a.json", bytes));
    if (document.value() != null) {
      byte[] again = JsonText.writeCompact(document.value()).getBytes(StandardCharsets.UTF_8);
      assertThat(JsonText.read(new SourceFile("a.json", again)).value())
          .isEqualTo(document.value());
    }
  }

  static void law(String path, byte[] bytes) {
    SourceFile file = new SourceFile(path, bytes);
    Validated<MapNode> read = Readers.read(file);
    String text = file.text();
    String[] lines = text.split("\r\n|\r|\n", -1);
    for (Diagnostic diagnostic : read.diagnostics()) {
      inFile(diagnostic.at(), lines);
      Excerpt.of(text, diagnostic.at().line(), diagnostic.at().column());
    }
    MapNode tree = read.value();
    if (tree == null) {
      assertThat(read.hasErrors()).isTrue();
      return;
    }
    inFile(tree, lines);
    for (Spelling spelling : Spelling.values()) {
      Validated<Written> written = Writers.write(tree, spelling);
      if (written.value() != null) {
        byte[] again = written.value().text().getBytes(StandardCharsets.UTF_8);
        if (again.length <= Limits.POLICY.bytes()) {
          Validated<MapNode> second = Readers.read(new SourceFile("b." + spelling.word(), again));
          assertThat(second.diagnostics()).as(written.value().text()).isEmpty();
          assertThat(second.value()).isEqualTo(tree);
        }
      }
    }
  }

  private static void inFile(Node node, String[] lines) {
    inFile(node.at(), lines);
    if (node instanceof MapNode map) {
      for (MapNode.Entry entry : map.entries()) {
        inFile(entry.keyAt(), lines);
        inFile(entry.value(), lines);
      }
    } else if (node instanceof ListNode list) {
      list.items().forEach(item -> inFile(item, lines));
    }
  }

  private static void inFile(Location at, String[] lines) {
    assertThat(at.line()).isBetween(1, lines.length);
    String line = lines[at.line() - 1];
    assertThat(at.column()).isBetween(1, line.codePointCount(0, line.length()) + 1);
  }
}
