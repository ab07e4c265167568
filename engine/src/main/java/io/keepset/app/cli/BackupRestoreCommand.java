package io.keepset.app.cli;

import io.keepset.source.MapBuilder;
import io.keepset.spi.DriverException;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restore",
    description = "Restore a backup: into something new, or over what is there.",
    footer = {
      "",
      "The whole backup is verified, and versions are compared, before anything is touched.",
      "",
      "Examples:",
      "  keepset backup restore orders                 newest backup, into a new database",
      "  keepset backup restore orders-20261121T020700Z-x7k2 --to-new orders_check",
      "  keepset backup restore orders --over --confirm orders"
    })
final class BackupRestoreCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(paramLabel = "ID|DB", description = "A backup, or a database: its newest backup.")
  private String id = "";

  @Option(
      names = "--to-new",
      paramLabel = "NAME",
      description = "Name of the new database or path; made from the backup's id if left out.")
  private @Nullable String toNew;

  @Option(names = "--over", description = "Replace what is in the database now; asks for its name.")
  private boolean over;

  @Option(
      names = "--confirm",
      paramLabel = "NAME",
      description = "With --over: the database's name, instead of being asked.")
  private @Nullable String confirm;

  BackupRestoreCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException, CommandException {
    if (over && toNew != null) {
      throw new CommandException(ExitCode.USAGE, "choose one of --over and --to-new");
    }
    if (!over && confirm != null) {
      throw new CommandException(ExitCode.USAGE, "--confirm goes with --over");
    }
    Lookup.Found found = new Lookup(shell.keepset()).backup(id);
    if (over) {
      makeSure(found);
    }
    // Who names a database wants its data, who names a backup wants that one.
    boolean anyWillDo = id.equals(found.database().name());
    RestoreRequest request =
        new RestoreRequest(
            over ? RestoreRequest.Mode.OVER : RestoreRequest.Mode.NEW,
            Optional.ofNullable(toNew),
            anyWillDo);
    String backupId = found.backup().id();
    if (anyWillDo) {
      found.insteadOf().ifPresent(why -> shell.console().note(why));
    }
    RestoreReport report;
    try (Console.Bar bar = shell.console().progress("restoring " + backupId)) {
      report = found.database().operations().restore(backupId, request, bar);
    }
    if (shell.globals().json()) {
      shell
          .console()
          .json(
              new MapBuilder()
                  .put("backup", backupId)
                  .put("target", report.target())
                  .putTexts("notes", report.notes())
                  .build());
    } else {
      shell.console().out().println(backupId + " restored into " + report.target());
      report.notes().forEach(note -> shell.console().out().println("  " + note));
    }
    return ExitCode.DONE.code();
  }

  private void makeSure(Lookup.Found found) throws CommandException {
    String name = found.database().name();
    String typed = confirm;
    if (typed == null) {
      shell
          .console()
          .note(
              "This replaces what is in "
                  + name
                  + " now by its state of "
                  + BackupWords.time(found.backup().time(), found.database().zone())
                  + ".");
      typed =
          shell
              .console()
              .ask("Type the database's name to go on:")
              .orElseThrow(
                  () ->
                      new CommandException(
                          ExitCode.REFUSED,
                          "nobody can be asked here: say --confirm " + name + " to replace it"));
    }
    if (!typed.equals(name)) {
      throw new CommandException(
          ExitCode.REFUSED, "nothing was touched: the database's name is " + name);
    }
  }
}
