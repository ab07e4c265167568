package io.keepset.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What Keepset says has a code, and {@code docs/diagnostics.md} says what each of them means. */
class DiagnosticsPageTest {
  private static final Path PROJECT = Path.of("..");
  private static final Pattern DOCUMENTED = Pattern.compile("^\\| `([^`]+)`", Pattern.MULTILINE);
  private static final Pattern CODE =
      Pattern.compile(
          "\\b(?:Diagnostic|Problem)\\s*(?:\\.(?:error|warning|note))?\\(\\s*(?:[\\w.]+,\\s*)?"
              + "\"([a-z0-9_-]+(?:\\.[a-z0-9_-]+)+)\"");
  private static final Pattern TEXT = Pattern.compile("\"([a-z0-9_.-]+)\"");

  @Test
  void everyCodeIsDocumented() throws IOException {
    assertThat(found(DOCUMENTED, page())).containsAll(found(CODE, sources()));
  }

  /** Some codes are put together: {@code reference.} and what is referred to. */
  @Test
  void everyDocumentedCodeIsSaid() throws IOException {
    TreeSet<String> said = found(TEXT, sources());

    assertThat(found(DOCUMENTED, page()))
        .allMatch(code -> said.contains(code) || said.contains(code.replaceFirst("[^.]+$", "")));
  }

  private static String page() throws IOException {
    return Files.readString(PROJECT.resolve("docs/diagnostics.md"));
  }

  private static TreeSet<String> found(Pattern pattern, String text) {
    TreeSet<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static String sources() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String module : List.of("engine/core", "engine/drivers", "engine", "terraform-shim")) {
      try (Stream<Path> files = Files.walk(PROJECT.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          all.append(Files.readString(file));
        }
      }
    }
    return all.toString();
  }
}
