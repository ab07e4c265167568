package io.keepset.app.cli;

import io.keepset.app.Starter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "init",
    description = "Write a policy repository to start from. Never overwrites a file.",
    footer = {"", "Example: keepset init backup-policies"})
final class InitCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(
      index = "0",
      arity = "0..1",
      defaultValue = ".",
      paramLabel = "DIR",
      description = "Where to (default: this directory); it is created if need be.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path directory;

  InitCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    List<String> inTheWay = Starter.inTheWay(directory);
    if (!inTheWay.isEmpty()) {
      throw new CommandException(
          ExitCode.FAILED,
          directory
              + " already has "
              + String.join(", ", inTheWay)
              + ": nothing was written. Name an empty directory, or move these away");
    }
    Console console = shell.console();
    for (String file : Starter.write(directory)) {
      console.out().println("  " + directory.resolve(file).normalize());
    }
    boolean here = directory.normalize().toString().isEmpty();
    String where = here ? "" : " " + directory.normalize();
    console.out().println();
    console
        .out()
        .println("Next: keepset validate" + where + ", then edit the files and commit them.");
    return ExitCode.DONE.code();
  }
}
