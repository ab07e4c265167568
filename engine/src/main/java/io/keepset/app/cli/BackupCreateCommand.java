package io.keepset.app.cli;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.spi.DriverException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    description = "Make a backup now and verify it.",
    footer = {"", "Example: keepset backup create orders"})
final class BackupCreateCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(paramLabel = "DB", description = "The database.")
  private String database = "";

  BackupCreateCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException {
    Lookup.Database found = new Lookup(shell.keepset()).database(database);
    Backup made;
    try (Console.Bar bar = shell.console().progress("backup of " + database)) {
      made = found.operations().create(database, BackupKind.ON_DEMAND, bar);
    }
    return new BackupOutcome(shell).print(made, "backup.create", "made", found);
  }
}
