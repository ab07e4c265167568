package io.keepset.app.cli;

import picocli.CommandLine;

/** The list of all commands, in the order in which help shows them. */
final class Commands {
  private Commands() {}

  static CommandLine tree(Shell shell) {
    return new CommandLine(new RootCommand(shell))
        .addSubcommand(new InitCommand(shell))
        .addSubcommand(new ValidateCommand(shell))
        .addSubcommand(new ShowCommand(shell))
        .addSubcommand(PolicyCommand.tree(shell))
        .addSubcommand(new ConvertCommand(shell))
        .addSubcommand(new PlanCommand(shell))
        .addSubcommand(new ApplyCommand(shell))
        .addSubcommand(new DriftCommand(shell))
        .addSubcommand(new AdoptCommand(shell))
        .addSubcommand(BackupCommand.tree(shell))
        .addSubcommand(RetentionCommand.tree(shell))
        .addSubcommand(HoldCommand.tree(shell))
        .addSubcommand(StoreCommand.tree(shell))
        .addSubcommand(TerraformCommand.tree(shell))
        .addSubcommand(WalCommand.tree(shell))
        .addSubcommand(new StatusCommand(shell))
        .addSubcommand(new AuditCommand(shell))
        .addSubcommand(NotifyCommand.tree(shell))
        .addSubcommand(new ServeCommand(shell))
        .addSubcommand(TokenCommand.tree(shell))
        .addSubcommand(new DoctorCommand(shell))
        .addSubcommand(new DemoCommand(shell))
        .addSubcommand(new CompletionCommand(shell))
        .addSubcommand(new HelpCommand(shell));
  }
}
