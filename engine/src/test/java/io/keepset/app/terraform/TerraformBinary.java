package io.keepset.app.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.testing.Await;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/**
 * The real {@code terraform} of this machine, in a directory of its own: its configuration, home
 * and working data are there, it asks nobody on the network, and nothing of the machine's own
 * settings reaches it.
 *
 * <pre>{@code
 * TerraformBinary terraform = TerraformBinary.in(directory).write("main.tf", "...");
 * terraform.succeed("init");
 * Result plan = terraform.run("plan", "-detailed-exitcode");
 * }</pre>
 */
public final class TerraformBinary {
  /** A configuration that makes nothing but keeps its state where it is told to, over HTTP. */
  public static final String GREETING =
      """
      terraform {
        backend "http" {}
      }
      resource "terraform_data" "greeting" {
        input = "hello"
      }
      output "greeting" {
        value = terraform_data.greeting.output
      }
      """;

  /** Far above what it takes anywhere; whoever waits longer waits for ever. */
  private static final long PATIENCE_SECONDS = 180;

  private final Path program;
  private final Path directory;
  private final Path home;
  private final Map<String, String> environment = new TreeMap<>();
  private final AtomicInteger runs = new AtomicInteger();

  /** What one run left behind. */
  public record Result(int code, String out, String err) {
    /** Both, for messages and for searching. */
    public String said() {
      return out + err;
    }
  }

  /** A run under way. Closing it ends it and what it has started. */
  public final class Running implements AutoCloseable {
    private final Process process;
    private final Path out;
    private final Path err;

    private Running(Process process, Path out, Path err) {
      this.process = process;
      this.out = out;
      this.err = err;
    }

    public ProcessHandle handle() {
      return process.toHandle();
    }

    /** What it has said so far. */
    public String said() throws IOException {
      return Files.readString(out) + Files.readString(err);
    }

    /** SIGKILL to it and to what it has started. */
    public void kill() throws InterruptedException {
      List<ProcessHandle> children = process.descendants().toList();
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
      process.waitFor();
    }

    /** Until the run has made a file in the directory that it runs in. */
    public void awaitFile(String name) throws InterruptedException {
      Await.until(
          "terraform to write " + name,
          () -> {
            assertThat(process.isAlive()).as(said()).isTrue();
            return Files.exists(directory.resolve(name));
          },
          this::said);
    }

    public Result await() throws IOException, InterruptedException {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        kill();
        throw new AssertionError("terraform did not end, and said:\n" + said());
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Override
    public void close() throws InterruptedException {
      kill();
    }
  }

  private TerraformBinary(Path program, Path root) throws IOException {
    this.program = program;
    this.directory = Files.createDirectories(root.resolve("configuration"));
    this.home = Files.createDirectories(root.resolve("home"));
    Path settings = Files.writeString(home.resolve("terraform.rc"), "disable_checkpoint = true\n");
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", home.toString());
    environment.put("TMPDIR", Files.createDirectories(root.resolve("tmp")).toString());
    environment.put("TF_DATA_DIR", root.resolve("data").toString());
    environment.put("TF_CLI_CONFIG_FILE", settings.toString());
    environment.put("TF_CLI_ARGS", "-no-color");
    environment.put("TF_INPUT", "0");
    environment.put("TF_IN_AUTOMATION", "1");
    environment.put("CHECKPOINT_DISABLE", "1");
  }

  /**
   * Skips the test if there is no terraform.
   *
   * @param root a directory of the test; two runs that must not know of each other have two
   */
  public static TerraformBinary in(Path root) throws IOException {
    Optional<Path> program = installed();
    Assumptions.assumeTrue(
        program.isPresent(), "skipped: no terraform in the PATH (install the official binary)");
    return new TerraformBinary(program.orElseThrow(), root);
  }

  private static Optional<Path> installed() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, "terraform"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Where its configuration is: the directory that it runs in. */
  public Path directory() {
    return directory;
  }

  /** All that it runs with. */
  public Map<String, String> environment() {
    return new TreeMap<>(environment);
  }

  /** From now on it runs with this variable. */
  public TerraformBinary with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Writes a file of its configuration. */
  public TerraformBinary write(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
    return this;
  }

  public Result run(String... arguments) throws IOException, InterruptedException {
    try (Running running = start(arguments)) {
      return running.await();
    }
  }

  /** The same, and it must end with 0. */
  public Result succeed(String... arguments) throws IOException, InterruptedException {
    Result result = run(arguments);
    assertThat(result.code()).as("terraform %s\n%s", List.of(arguments), result.said()).isZero();
    return result;
  }

  public Running start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    int run = runs.incrementAndGet();
    Path out = home.resolve("out-" + run);
    Path err = home.resolve("err-" + run);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new Running(builder.start(), out, err);
  }

  /** A text of Terraform's, quoted. */
  public static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("${", "$${") + '"';
  }
}
