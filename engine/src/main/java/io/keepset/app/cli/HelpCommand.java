package io.keepset.app.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keepset help backup create}, for those who try that before {@code --help}. */
@Command(name = "help", description = "Show the help of a command.")
final class HelpCommand implements Callable<Integer> {
  private final Shell shell;
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "A command and its subcommand.")
  private String @Nullable [] path;

  @SuppressWarnings("NullAway.Init") // picocli sets spec
  HelpCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    CommandLine line = spec.root().commandLine();
    for (String name : path == null ? new String[0] : path) {
      CommandLine next = line.getSubcommands().get(name);
      if (next == null) {
        throw new CommandLine.ParameterException(line, "there is no command " + name);
      }
      line = next;
    }
    line.usage(shell.console().out());
    return ExitCode.DONE.code();
  }
}
