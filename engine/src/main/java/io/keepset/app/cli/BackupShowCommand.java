package io.keepset.app.cli;

import io.keepset.plan.Figures;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupCodec;
import io.keepset.retention.Copies;
import io.keepset.spi.DriverException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    aliases = "info",
    description = "Show all that is known about one backup.",
    footer = {"", "Example: keepset backup show orders-20261121T020700Z-x7k2"})
final class BackupShowCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(paramLabel = "ID|DB", description = "A backup, or a database: its newest backup.")
  private String id = "";

  BackupShowCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException {
    Lookup.Found found = new Lookup(shell.keepset()).backup(id);
    Backup backup = found.backup();
    if (shell.globals().json()) {
      shell.console().json(BackupCodec.encode(backup));
      return ExitCode.DONE.code();
    }
    ZoneId zone = found.database().zone();
    line("id", backup.id());
    line("database", backup.database() + " (" + backup.engine() + ")");
    line("kind", BackupWords.kind(backup));
    backup.copyOf().ifPresent(of -> line("copy of", of.backup()));
    line("state", BackupWords.state(backup));
    line("time", BackupWords.time(backup.time(), zone));
    time("finished", backup.finished(), zone);
    line("size", BackupWords.size(backup.size()));
    line("in store", BackupWords.size(backup.storedSize()) + " in " + backup.store().orElse("-"));
    time("verified", backup.verifiedAt(), zone);
    backup
        .provenAt()
        .ifPresent(at -> line("proven", BackupWords.time(at, zone) + ", by a restore"));
    time("expired", backup.expiredAt(), zone);
    time("deleted after", backup.deleteAfter(), zone);
    backup.error().ifPresent(error -> line("error", error));
    for (Backup copy : Copies.of(found.database().backups(), backup.id())) {
      line("copied to", BackupWords.copied(copy));
    }
    return ExitCode.DONE.code();
  }

  private void time(String name, Optional<Instant> at, ZoneId zone) {
    at.ifPresent(t -> line(name, BackupWords.time(t, zone)));
  }

  private void line(String name, String value) {
    PrintStream out = shell.console().out();
    out.println(name + " ".repeat(Math.max(1, 15 - name.length())) + Figures.plain(value));
  }
}
