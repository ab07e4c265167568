package io.keepset.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "backup", description = "List, make, check, fetch, restore and delete backups.")
final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets spec
  private BackupCommand() {}

  static CommandLine tree(Shell shell) {
    return new CommandLine(new BackupCommand())
        .addSubcommand(new BackupListCommand(shell))
        .addSubcommand(new BackupCreateCommand(shell))
        .addSubcommand(new BackupShowCommand(shell))
        .addSubcommand(new BackupDownloadCommand(shell))
        .addSubcommand(new BackupUploadCommand(shell))
        .addSubcommand(new BackupRestoreCommand(shell))
        .addSubcommand(new BackupVerifyCommand(shell))
        .addSubcommand(new BackupDeleteCommand(shell));
  }

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "a command is missing: list, create, show, …");
  }
}
