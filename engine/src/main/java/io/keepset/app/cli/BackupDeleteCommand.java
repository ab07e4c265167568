package io.keepset.app.cli;

import io.keepset.app.AuditTrail;
import io.keepset.source.MapBuilder;
import io.keepset.spi.DriverException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description = "Delete one backup for good, without any grace.",
    footer = {
      "",
      "Refused for a backup that is being restored or held, and where fewer verified",
      "backups would be left than retention.minimum says.",
      "",
      "Example: keepset backup delete orders-20261121T020700Z-x7k2"
    })
final class BackupDeleteCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(paramLabel = "ID", description = "The backup.")
  private String id = "";

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  BackupDeleteCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException, CommandException {
    Lookup.Found found = new Lookup(shell.keepset()).exactly(id);
    Console console = shell.console();
    String what =
        id
            + " ("
            + BackupWords.time(found.backup().time(), found.database().zone())
            + ", "
            + BackupWords.size(found.backup().size())
            + ")";
    if (!yes && !console.interactive()) {
      throw new CommandException(
          ExitCode.REFUSED, "deleting " + what + " needs --yes where nobody can be asked");
    }
    if (!yes && !console.confirm("Delete " + what + " for good?")) {
      throw new CommandException(ExitCode.REFUSED, "nothing was deleted");
    }
    // Beforehand: what the audit can't say must not happen.
    shell
        .keepset()
        .audit()
        .note(
            AuditTrail.user(),
            "backup.delete",
            id,
            found.backup().kind().word() + " backup of " + found.backup().time());
    found.database().operations().delete(id);
    if (shell.globals().json()) {
      console.json(new MapBuilder().put("deleted", id).build());
    } else {
      console.out().println(id + " deleted");
    }
    return ExitCode.DONE.code();
  }
}
