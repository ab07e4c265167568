package io.keepset.app.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = "Print a completion script for bash and zsh.",
    footer = {"", "Example: source <(keepset completion)"})
final class CompletionCommand implements Callable<Integer> {
  private final Shell shell;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets spec
  CompletionCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    shell.console().out().print(AutoComplete.bash("keepset", spec.root().commandLine()));
    return ExitCode.DONE.code();
  }
}
