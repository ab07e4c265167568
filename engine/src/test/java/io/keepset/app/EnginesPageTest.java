package io.keepset.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.Drivers;
import io.keepset.spi.Engine;
import io.keepset.spi.EngineFacts;
import io.keepset.spi.RestoreRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The page about engines has the matrix that the engines' own facts give, and says something about
 * each. {@code -Dkeepset.rewrite=true} writes the matrix, for a reviewer to look at.
 */
class EnginesPageTest {
  private static final Path PAGE = Path.of("..", "docs", "ENGINES.md");
  private static final String BEGIN = "<!-- matrix: written by EnginesPageTest -->\n";
  private static final String END = "<!-- end of the matrix -->\n";

  private final SortedMap<String, Engine> engines = Drivers.engines(Clock.systemUTC());

  @Test
  void theMatrixIsWhatTheEnginesSayOfThemselves() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    assertThat(from).isGreaterThan(BEGIN.length());
    assertThat(to).isGreaterThanOrEqualTo(from);
    if (Boolean.getBoolean("keepset.rewrite")) {
      Files.writeString(PAGE, page.substring(0, from) + matrix() + page.substring(to));
    }
    assertThat(page.substring(from, to)).isEqualTo(matrix());
  }

  @Test
  void eachEngineHasASectionAndAnExample() throws IOException {
    String page = Files.readString(PAGE);
    StringBuilder examples = new StringBuilder();
    try (Stream<Path> files = Files.list(Path.of("..", "examples", "engines", "policies"))) {
      for (Path file : files.toList()) {
        examples.append(Files.readString(file));
      }
    }
    for (String engine : engines.keySet()) {
      assertThat(page).contains("\n## " + engine + "\n");
      assertThat(examples.toString()).contains("engine: " + engine);
    }
  }

  private String matrix() {
    StringBuilder table = new StringBuilder();
    table.append(
        "| Engine | Artifact | File | A backup shows | Restores | Programs | `verify --restore` |"
            + " Tried against |\n");
    table.append("|---|---|---|---|---|---|---|---|\n");
    for (Engine engine : engines.values()) {
      EngineFacts facts = engine.facts();
      String name = "[`" + facts.name() + "`](#" + facts.name() + ")";
      table.append(
          row(
              name,
              facts.format(),
              "`" + facts.extension() + "`",
              facts.consistency(),
              modes(facts.restore()),
              tools(facts.tools()),
              engine.scratch().describe(),
              facts.tried()));
      for (EngineFacts.Other other : facts.others()) {
        table.append(
            row(
                name + " with `" + other.wanted() + "`",
                other.format(),
                "`" + other.extension() + "`",
                other.consistency(),
                modes(other.restore()),
                tools(other.tools()),
                engine.scratch().describe(other),
                other.tried()));
      }
    }
    return table.toString();
  }

  private static String row(String... cells) {
    for (String cell : cells) {
      // What would end the cell, or leave the reader without it.
      assertThat(cell).isNotBlank().doesNotContain("|", "\n");
    }
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String modes(Set<RestoreRequest.Mode> modes) {
    return Arrays.stream(RestoreRequest.Mode.values())
        .filter(modes::contains)
        .map(RestoreRequest.Mode::word)
        .collect(Collectors.joining(", "));
  }

  private static String tools(List<String> tools) {
    return tools.isEmpty()
        ? "none"
        : tools.stream().map(t -> "`" + t + "`").collect(Collectors.joining(", "));
  }
}
