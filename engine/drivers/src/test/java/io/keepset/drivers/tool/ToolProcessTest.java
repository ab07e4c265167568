package io.keepset.drivers.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.spi.DriverException;
import io.keepset.spi.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ToolProcessTest {
  private static final Path SHELL = Path.of("/bin/sh");

  private static ToolCommand shell(String script) {
    return ToolCommand.of(SHELL, "-c", script);
  }

  @Test
  void tellsOutputExitCodeAndComplaints() throws DriverException {
    ToolProcess.Output output = ToolProcess.run(shell("echo out; echo bad >&2; exit 3"), 100);
    assertThat(output.text()).isEqualTo("out\n");
    assertThat(output.exit()).isEqualTo(new ToolExit(3, "bad\n"));
  }

  @Test
  void keepsHeadAndTailOfEndlessComplaints() throws DriverException {
    ToolExit exit =
        ToolProcess.run(shell("echo first >&2; seq 1 200000 >&2; echo last >&2"), 100).exit();
    assertThat(exit.stderr()).startsWith("first").endsWith("last\n").contains(" bytes …]");
    assertThat(exit.stderr().length()).isLessThan(40_000);
  }

  @Test
  void endsAToolThatHangsEvenIfItIgnoresTheFirstSignal() throws Exception {
    ToolCommand command =
        new ToolCommand(
            SHELL,
            List.of("-c", "trap '' TERM; echo started; while :; do sleep 100; done"),
            new TreeMap<>(),
            Scrubber.NONE,
            Duration.ofMillis(100));
    try (ToolProcess tool = ToolProcess.start(command)) {
      tool.stdout().readAllBytes();
      assertThatThrownBy(tool::finish)
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("sh did nothing for");
      assertThat(tool.alive()).isFalse();
    }
  }

  @Test
  void aSlowReaderIsNoHang() throws Exception {
    Duration silence = Duration.ofSeconds(4);
    ToolCommand command =
        new ToolCommand(
            SHELL,
            List.of("-c", "head -c 300000 /dev/zero"),
            new TreeMap<>(),
            Scrubber.NONE,
            silence);
    try (ToolProcess tool = ToolProcess.start(command)) {
      assertThat(tool.stdout().read()).isZero();
      // Longer than the watch needs; only waiting for the tool counts, not the tool for us.
      TimeUnit.MILLISECONDS.sleep(silence.toMillis() * 3 / 2);
      assertThat(tool.stdout().readAllBytes()).hasSize(299_999);
      assertThat(tool.finish().ok()).isTrue();
    }
  }

  @Test
  void aToolThatTakesItsInputIsNoHang() throws Exception {
    Duration silence = Duration.ofSeconds(3);
    ToolCommand command =
        new ToolCommand(
            SHELL, List.of("-c", "cat >/dev/null"), new TreeMap<>(), Scrubber.NONE, silence);
    try (ToolProcess tool = ToolProcess.start(command)) {
      long end = System.nanoTime() + silence.multipliedBy(2).toNanos();
      Feeding feeding =
          Feeding.start(
              tool.stdin(),
              to -> {
                while (System.nanoTime() < end) {
                  to.write('x');
                  to.flush();
                  LockSupport.parkNanos(20_000_000);
                }
              });
      assertThat(tool.finish().ok()).isTrue();
      feeding.await();
    }
  }

  @Test
  void closingEndsGrandchildrenToo() throws Exception {
    ToolProcess tool = ToolProcess.start(shell("sleep 1000 & echo $!; wait"));
    StringBuilder pid = new StringBuilder();
    for (int c = tool.stdout().read(); c != '\n'; c = tool.stdout().read()) {
      pid.append((char) c);
    }
    tool.close();
    ProcessHandle.of(Long.parseLong(pid.toString())).ifPresent(child -> child.onExit().join());
    assertThat(tool.alive()).isFalse();
  }

  @Test
  void passesNothingOfOurEnvironmentButAFewVariables() throws DriverException {
    String variables = ToolProcess.run(shell("env"), 100_000).text();
    assertThat(variables.lines().map(line -> line.split("=", 2)[0]))
        .contains("PATH", "LC_ALL")
        .isSubsetOf(
            "PATH",
            "HOME",
            "TMPDIR",
            "LD_LIBRARY_PATH",
            "KRB5CCNAME",
            "KRB5_CONFIG",
            "LC_ALL",
            "LANGUAGE",
            "PWD",
            "OLDPWD",
            "SHLVL",
            "_");
  }

  @Test
  void refusesWhatIsNotThere() {
    assertThatThrownBy(() -> ToolProcess.start(ToolCommand.of(Path.of("/nowhere/pg_dump"))))
        .isInstanceOf(DriverException.class)
        .hasMessage("/nowhere/pg_dump is not there or not executable");
  }

  @Test
  void refusesMoreOutputThanAllowed() {
    assertThatThrownBy(() -> ToolProcess.run(shell("seq 1 1000"), 100))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("more than 100 bytes");
  }

  @Test
  void takesSecretsOutOfText() {
    Scrubber scrubber = new Scrubber(List.of(new Secret("s3cret"), new Secret("s3cret-long")));
    assertThat(scrubber.scrub("a s3cret-long b s3cret c")).isEqualTo("a *** b *** c");
    assertThat(scrubber.scrub("postgresql://user:pa55@host/db and password=abc, x"))
        .isEqualTo("postgresql://user:***@host/db and password=***, x");
  }
}
