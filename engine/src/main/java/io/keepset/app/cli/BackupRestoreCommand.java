package io.keepset.app.cli;

import io.keepset.app.AuditTrail;
import io.keepset.source.MapBuilder;
import io.keepset.spi.DriverException;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.wal.WalTarget;
import io.keepset.wal.WalOperations;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restore",
    description = "Restore a backup: into something new, over what is there, or merged with it.",
    footer = {
      "",
      "The whole backup is verified, and versions are compared, before anything is touched.",
      "",
      "Examples:",
      "  keepset backup restore orders                 newest backup, into a new database",
      "  keepset backup restore orders-20261121T020700Z-x7k2 --to-new orders_check",
      "  keepset backup restore orders --over --confirm orders",
      "  keepset backup restore broker --merge         add to what is there, where the engine can",
      "  keepset backup restore orders --to-time 2026-11-20T14:03:00+01:00 --to-new /srv/pg/orders"
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
      names = "--merge",
      description =
          "Add to what is in the database now; what both have becomes as in the backup. Asks for"
              + " its name. Not every engine can.")
  private boolean merge;

  @Option(
      names = "--confirm",
      paramLabel = "NAME",
      description = "With --over or --merge: the database's name, instead of being asked.")
  private @Nullable String confirm;

  @ArgGroup(heading = "Point in time, with --to-new DIR:%n")
  private @Nullable PointInTimeTarget pointInTime;

  @Option(
      names = "--fetch-wal",
      description =
          "With a point in time: the server that replays fetches the log itself, by keepset wal"
              + " fetch, instead of finding it in its directory.")
  private boolean fetchWal;

  BackupRestoreCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException, CommandException {
    RestoreRequest.Mode mode = mode();
    if (pointInTime != null) {
      return toPointInTime(pointInTime.target());
    }
    if (fetchWal) {
      throw new CommandException(
          ExitCode.USAGE, "--fetch-wal goes with --to-time, --to-lsn or --to-name");
    }
    Lookup.Found found = new Lookup(shell.keepset()).backup(id);
    // Who names a database wants its data, who names a backup wants that one.
    boolean anyWillDo = id.equals(found.database().name());
    if (anyWillDo) {
      found.choice().forEach(shell.console()::note);
    }
    if (mode.intoExisting()) {
      makeSure(found, mode);
    }
    RestoreRequest request = new RestoreRequest(mode, Optional.ofNullable(toNew), anyWillDo);
    String backupId = found.backup().id();
    String actor = AuditTrail.user();
    shell
        .keepset()
        .audit()
        .note(actor, "backup.restore", backupId, request.describe(found.database().name()));
    RestoreReport report;
    try (Console.Bar bar = shell.console().progress("restoring " + backupId)) {
      report = found.database().operations().restore(backupId, request, bar);
    }
    print(backupId, report, NewBlock.of(shell, found.database(), report));
    return ExitCode.DONE.code();
  }

  private int toPointInTime(WalTarget target) throws DriverException, CommandException {
    if (toNew == null) {
      throw new CommandException(
          ExitCode.USAGE,
          "a restore to a point in time makes a new data directory: say where with --to-new DIR");
    }
    String database = new Lookup(shell.keepset()).database(id).name();
    Path directory = Path.of(toNew).toAbsolutePath().normalize();
    shell
        .keepset()
        .audit()
        .note(
            AuditTrail.user(),
            "backup.restore",
            database,
            "to " + target.value() + " into " + directory);
    RestoreReport report;
    try (Console.Bar bar = shell.console().progress("restoring " + database)) {
      report =
          shell
              .keepset()
              .wal()
              .restore(
                  database,
                  target,
                  directory,
                  fetchWal ? WalOperations.Delivery.FETCHED : WalOperations.Delivery.BESIDE,
                  bar);
    }
    // A data directory is no server yet: there is nothing that a block could name.
    print(database + " as of " + target.value(), report, Optional.empty());
    return ExitCode.DONE.code();
  }

  private void print(String what, RestoreReport report, Optional<String> block) {
    if (shell.globals().json()) {
      shell
          .console()
          .json(
              new MapBuilder()
                  .put("backup", what)
                  .put("target", report.target())
                  .putTexts("notes", report.notes())
                  .putText("block", block)
                  .build());
    } else {
      shell.console().out().println(what + " restored into " + report.target());
      report.notes().forEach(note -> shell.console().out().println("  " + note));
      block.ifPresent(this::offer);
    }
  }

  private void offer(String block) {
    PrintStream out = shell.console().out();
    out.println();
    out.println("Nobody backs it up yet. If it is to stay, put this into a policy file:");
    out.println();
    block.lines().forEach(line -> out.println(line.isEmpty() ? "" : "  " + line));
  }

  private RestoreRequest.Mode mode() throws CommandException {
    if ((over ? 1 : 0) + (merge ? 1 : 0) + (toNew == null ? 0 : 1) > 1) {
      throw new CommandException(ExitCode.USAGE, "choose one of --over, --merge and --to-new");
    }
    if (!over && !merge && confirm != null) {
      throw new CommandException(ExitCode.USAGE, "--confirm goes with --over or --merge");
    }
    return over
        ? RestoreRequest.Mode.OVER
        : merge ? RestoreRequest.Mode.MERGE : RestoreRequest.Mode.NEW;
  }

  private void makeSure(Lookup.Found found, RestoreRequest.Mode mode) throws CommandException {
    String name = found.database().name();
    String typed = confirm;
    if (typed == null) {
      shell
          .console()
          .note(
              (mode == RestoreRequest.Mode.OVER
                      ? "This replaces what is in " + name + " now by its state of "
                      : "This adds to "
                          + name
                          + ", and changes what is there already to its state of ")
                  + BackupWords.time(found.backup().time(), found.database().zone())
                  + ": "
                  + found.backup().id()
                  + ", "
                  + found.backup().kind().word()
                  + found.backup().size().stream()
                      .mapToObj(size -> ", " + ByteRate.size(size))
                      .findFirst()
                      .orElse("")
                  + ".");
      typed =
          shell
              .console()
              .ask("Type the database's name to go on:")
              .orElseThrow(
                  () ->
                      new CommandException(
                          ExitCode.REFUSED,
                          "nobody can be asked here: say --confirm " + name + " to change it"));
    }
    if (!typed.equals(name)) {
      throw new CommandException(
          ExitCode.REFUSED, "nothing was touched: the database's name is " + name);
    }
  }
}
