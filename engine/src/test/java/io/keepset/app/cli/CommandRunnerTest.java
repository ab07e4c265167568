package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.spi.DriverException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandRunnerTest {
  @TempDir private Path data;

  @Test
  void versionAndHelpGoToOutAndSucceed() {
    assertThat(run("--version").out()).startsWith("keepset ");
    assertThat(run("--version").code()).isZero();
    assertThat(run("--help").out()).contains("Usage: keepset", "completion", "Exit codes:");
    assertThat(run("help", "completion").out()).contains("Usage: keepset completion");
  }

  @Test
  void wrongUsageIs64AndSaysWhereToLook() {
    assertUsage(run(), "a command is missing");
    assertUsage(run("nonsense"), "nonsense");
    assertUsage(run("--nonsense"), "--nonsense");
    assertUsage(run("completion", "surplus"), "surplus");
    assertUsage(run("help", "nonsense"), "there is no command nonsense");
    assertThat(run("complition").err())
        .contains("complition is no command of keepset\n", "did you mean: completion");
    assertThat(run("backup", "crate", "x").err()).contains("crate is no command of keepset backup");
    assertThat(run("plan", "a", "b").err())
        .contains("keepset plan takes no further argument, found b");
    assertThat(run("plan", "--polices", "a").err())
        .contains("--polices", "did you mean: --policies");
  }

  @Test
  void anAddressOfNoServerIsNotOurBug() {
    for (String wrong : List.of("127.0.0.1:1", "http://a b", "ftp://x", "http://u:secret@x")) {
      Result option = run("--server", wrong, "status");
      Result variable =
          new CommandLineForTests(data)
              .with("KEEPSET_SERVER", wrong)
              .with("KEEPSET_TOKEN", "t")
              .run("status");

      assertThat(option.code()).as(wrong).isEqualTo(1);
      assertThat(option.err())
          .contains("a server's address is http://HOST:PORT or https://HOST")
          .doesNotContain("secret", "Exception");
      assertThat(variable.err()).isEqualTo(option.err());
    }
  }

  @Test
  void aDataDirectoryThatCantBeIsNotOurBug() throws IOException {
    Path file = Files.writeString(data.resolve("file"), "here");

    Result status = new CommandLineForTests(file.resolve("data")).run("status");

    assertThat(status.code()).isEqualTo(1);
    assertThat(status.err())
        .contains(file + "/data/state for the state can't be made", "with --data or KEEPSET_DATA");
  }

  @Test
  void globalOptionsStandBeforeOrAfterTheCommand() {
    assertThat(run("--json", "completion").code()).isZero();
    assertThat(run("completion", "--json").code()).isZero();
  }

  @Test
  void completionNamesTheCommands() {
    assertThat(run("completion").out()).startsWith("#!").contains("completion", "--policies");
  }

  @Test
  void theAuthorsMistakesArePrintedOneByOne() {
    Explained explained =
        explain(
            new CommandException(
                ExitCode.REFUSED,
                List.of(
                    Diagnostic.error("guard.x", "no", new Location("a.yaml", 2, 3))
                        .withHint("do that"))));

    assertThat(explained.code()).isEqualTo(3);
    assertThat(explained.err()).isEqualTo("a.yaml:2:3: error: no [guard.x]\n  hint: do that\n");
  }

  @Test
  void troubleOfOthersIsOneLine() {
    assertThat(explain(new DriverException(DriverException.Kind.DENIED, "no right to read x")))
        .isEqualTo(new Explained(1, "error: no right to read x\n"));
    assertThat(explain(new NoSuchFileException("/srv/x")))
        .isEqualTo(new Explained(1, "error: /srv/x: no such file or directory\n"));
    assertThat(explain(new CommandException(ExitCode.USAGE, "choose one")))
        .isEqualTo(new Explained(64, "error: choose one\n"));
  }

  @Test
  void aReaderThatWentAwayIsNoNews() {
    assertThat(explain(new UncheckedIOException(new IOException("Broken pipe"))))
        .isEqualTo(new Explained(1, ""));
  }

  @Test
  void ourBugIsShortOnTheScreenAndWholeInAFile() throws IOException {
    Explained explained = explain(new IllegalStateException("two of them\nand more"));

    assertThat(explained.code()).isEqualTo(1);
    assertThat(explained.err())
        .startsWith("error: keepset has a bug: IllegalStateException: two of them\n")
        .doesNotContain("at io.keepset");
    try (Stream<Path> reports = Files.list(data.resolve("logs"))) {
      Path report = reports.findFirst().orElseThrow();
      assertThat(explained.err()).contains(report.toString());
      assertThat(report).content().contains("at io.keepset.app.cli.CommandRunnerTest");
    }
  }

  @Test
  void noCodeIsUsedTwice() {
    assertThat(Stream.of(ExitCode.values()).map(ExitCode::code))
        .containsExactly(0, 1, 2, 3, 64, 126);
  }

  private record Explained(int code, String err) {}

  private Explained explain(Throwable problem) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), err, Terminal.NONE);
    Shell shell =
        new Shell(
            console,
            new GlobalOptions(Map.of("KEEPSET_DATA", data.toString())),
            Clock.systemUTC(),
            Map.of());
    int code = new CommandRunner(shell).explain(problem);
    return new Explained(code, err.toString(StandardCharsets.UTF_8));
  }

  private Result run(String... args) {
    return new CommandLineForTests(data).run(args);
  }

  private static void assertUsage(Result result, String message) {
    assertThat(result.code()).isEqualTo(64);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("error: ").contains(message, "--help");
  }
}
