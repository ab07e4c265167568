package io.keepset.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "terraform", description = "What Terraform keeps here and asks for.")
@SuppressWarnings("NullAway.Init") // picocli sets spec
final class TerraformCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  static CommandLine tree(Shell shell) {
    return new CommandLine(new TerraformCommand())
        .addSubcommand(new TerraformCoverageCommand(shell))
        .addSubcommand(TerraformStateCommand.tree(shell))
        .addSubcommand(TerraformCaCommand.tree(shell))
        .addSubcommand(new TerraformServeCommand(shell));
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: " + String.join(", ", spec.subcommands().keySet()));
  }
}
