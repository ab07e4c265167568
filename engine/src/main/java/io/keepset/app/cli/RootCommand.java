package io.keepset.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
    name = "keepset",
    description = "Backup policy as code: from a Git commit to a verified backup.",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 changes are pending, 3 refused, 64 wrong usage."
    })
@SuppressWarnings({"UnusedVariable", "NullAway.Init"}) // picocli reads and sets the fields
final class RootCommand implements Callable<Integer> {
  @Mixin private final GlobalOptions globals;
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show what the command does and takes.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  RootCommand(Shell shell) {
    this.globals = shell.globals();
  }

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
  }
}
