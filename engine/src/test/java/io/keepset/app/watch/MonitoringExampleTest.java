package io.keepset.app.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alert rules are good rules and say what they should, by Prometheus' own tool. */
class MonitoringExampleTest {
  private static final Path EXAMPLE = Path.of("../examples/monitoring");

  @Test
  void theRulesAreRules() throws Exception {
    run("check", "rules", "alerts.yml");
  }

  @Test
  void theRulesAlertWhenTheyShould() throws Exception {
    run("test", "rules", "alerts.test.yml");
  }

  private static void run(String... arguments) throws Exception {
    boolean there =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(directory -> new File(directory, "promtool").canExecute());
    assumeTrue(there, "promtool is not installed (apt-get install prometheus)");
    List<String> command = Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList();
    Process process =
        new ProcessBuilder(command).directory(EXAMPLE.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
  }
}
