package io.keepset.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "policy", description = "The policies that databases can name.")
final class PolicyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets spec
  private PolicyCommand() {}

  static CommandLine tree(Shell shell) {
    return new CommandLine(new PolicyCommand())
        .addSubcommand(new PolicyListCommand(shell))
        .addSubcommand(new PolicyShowCommand(shell));
  }

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(spec.commandLine(), "list or show is missing");
  }
}
