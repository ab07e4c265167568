package io.keepset.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A link in a document leads to a file, and to a heading if it names one. */
class DocumentLinksTest {
  private static final Path PROJECT = Path.of("..");
  private static final Pattern LINK =
      Pattern.compile("\\]\\(<?([^)\\s>]+)>?[^)]*\\)|^\\[[^]]+]:\\s*(\\S+)", Pattern.MULTILINE);
  private static final Pattern CODE =
      Pattern.compile("^```.*?^```|`[^`\\n]+`", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern HEADING = Pattern.compile("^#+ +(.*?) *#*$", Pattern.MULTILINE);
  private static final Pattern FENCE =
      Pattern.compile("^```.*?^```", Pattern.MULTILINE | Pattern.DOTALL);

  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (String name :
        List.of(
            "README.md",
            "CONTRIBUTING.md",
            "CHANGELOG.md",
            "BENCHMARKS.md",
            "engine/RATIONALE.md",
            "terraform-shim/README.md")) {
      documents.add(PROJECT.resolve(name));
    }
    try (Stream<Path> pages = Files.list(PROJECT.resolve("docs"))) {
      pages.filter(page -> page.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    for (Path example : ExamplesTest.examples()) {
      documents.add(example.resolve("README.md"));
    }
    return documents;
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyRelativeLinkResolves(Path document) throws IOException {
    assertThat(links(document).stream().filter(link -> !resolves(document, link))).isEmpty();
  }

  @Test
  void linksAreFound() throws IOException {
    assertThat(links(PROJECT.resolve("README.md"))).contains("docs/ENGINES.md");
  }

  private static List<String> links(Path document) throws IOException {
    return LINK.matcher(CODE.matcher(Files.readString(document)).replaceAll("code"))
        .results()
        .map(DocumentLinksTest::target)
        .filter(link -> !link.matches("[a-z]+:.*"))
        .toList();
  }

  private static String target(MatchResult link) {
    return link.group(1) == null ? link.group(2) : link.group(1);
  }

  private static boolean resolves(Path document, String link) {
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path file = path.isEmpty() ? document : document.resolveSibling(path);
    return Files.exists(file) && (hash < 0 || headings(file).contains(link.substring(hash + 1)));
  }

  /** As GitHub makes anchors of them. */
  private static Set<String> headings(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HEADING
        .matcher(FENCE.matcher(text).replaceAll(""))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(words -> words.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }
}
