package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the walk-throughs among the examples show is what really happens. {@code
 * -Dkeepset.rewrite=true} writes down what happens, for a reviewer to look at.
 */
class WalkthroughTest {
  private static final Path EXAMPLES = Path.of("..", "examples");

  @TempDir private Path root;

  static List<String> pages() throws Exception {
    return List.copyOf(Walkthrough.pages(EXAMPLES).keySet());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void saysWhatHappens(String example) throws Exception {
    Path readme = EXAMPLES.resolve(example).resolve("README.md");
    String page = Files.readString(readme);

    String played;
    try (Walkthrough walkthrough = new Walkthrough(root.toRealPath(), EXAMPLES.resolve(example))) {
      played = walkthrough.play(page);
    }

    if (Boolean.getBoolean("keepset.rewrite")) {
      Files.writeString(readme, played);
    }
    assertThat(withoutSizes(played)).isEqualTo(withoutSizes(Files.readString(readme)));
  }

  /**
   * A few bytes more or less, by who runs the test and when, say nothing; nor does which Terraform
   * is there.
   */
  private static String withoutSizes(String page) {
    return page.replaceAll("\\b\\d+(\\.\\d+)? (bytes|kB)", "some $2")
        .replaceAll("\\b\\d+\\.\\d+\\.\\d+\\b", "some version");
  }
}
