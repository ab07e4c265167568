package io.keepset.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every example validates and gives the plan beside it. {@code -Dkeepset.rewrite=true} writes the
 * plans anew, for a reviewer to look at.
 */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("..", "examples");

  /** Raised with each example; an example that goes is missed by somebody. */
  private static final int AT_LEAST = 4;

  @TempDir private Path data;

  static List<Path> examples() throws IOException {
    try (Stream<Path> folders = Files.list(EXAMPLES)) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve("policies")))
          .sorted()
          .toList();
    }
  }

  @Test
  void thereAreNoFewerThanBefore() throws IOException {
    assertThat(examples()).hasSizeGreaterThanOrEqualTo(AT_LEAST);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void validatesWithoutAWarning(Path example) {
    CommandLineForTests.Result result =
        new CommandLineForTests(data).run("validate", example.resolve("policies").toString());

    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(example.resolve("README.md")).isNotEmptyFile();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void givesThePlanBesideIt(Path example) throws IOException {
    // Outside of this repository, whose commit the plan would name.
    Path policies = Files.createDirectories(data.resolve("policies"));
    try (Stream<Path> files = Files.list(example.resolve("policies"))) {
      for (Path file : files.toList()) {
        Files.copy(file, policies.resolve(file.getFileName()));
      }
    }

    CommandLineForTests.Result result =
        new CommandLineForTests(data.resolve("data")).run("plan", policies.toString());

    Path expected = example.resolve("plan.txt");
    if (Boolean.getBoolean("keepset.rewrite")) {
      Files.writeString(expected, result.out());
    }
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo(Files.readString(expected));
  }
}
