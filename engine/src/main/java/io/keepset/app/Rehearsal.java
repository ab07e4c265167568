package io.keepset.app;

import io.keepset.app.cli.CommandRunner;
import io.keepset.app.cli.Console;
import io.keepset.app.cli.GlobalOptions;
import io.keepset.app.cli.Shell;
import io.keepset.app.cli.Terminal;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * Runs the everyday commands once, in one process, so that the Java machine can keep the classes
 * they load in an archive. Called by the launcher after a build; what the commands say is of no
 * interest.
 */
final class Rehearsal {
  private Rehearsal() {}

  /** Takes a directory with policies and an empty one for data. */
  public static void main(String[] args) {
    String policies = Files.isDirectory(Path.of(args[0])) ? args[0] : args[1];
    String data = Path.of(args[1], "data").toString();
    run("--help");
    run("--version");
    run("validate", policies);
    run("validate", policies, "--format", "json");
    run("plan", policies, "--data", data);
    run("backup", "list", "--data", data);
    System.exit(0);
  }

  private static void run(String... command) {
    Map<String, String> environment = Map.of();
    Console console =
        new Console(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            Terminal.NONE);
    try (Shell shell =
        new Shell(console, new GlobalOptions(environment), Clock.systemUTC(), environment)) {
      new CommandRunner(shell).run(command);
    }
  }
}
