package io.keepset.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "retention", description = "See what retention keeps, and why.")
final class RetentionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets spec
  private RetentionCommand() {}

  static CommandLine tree(Shell shell) {
    return new CommandLine(new RetentionCommand())
        .addSubcommand(new RetentionExplainCommand(shell))
        .addSubcommand(new RetentionSimulateCommand(shell));
  }

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "a command is missing: explain or simulate");
  }
}
