package io.keepset.app.cli;

import io.keepset.plan.Figures;
import io.keepset.policy.Copy;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupCodec;
import io.keepset.retention.BackupKind;
import io.keepset.retention.Copies;
import io.keepset.retention.Decision;
import io.keepset.retention.KeepSet;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "list",
    description = "List backups, oldest first, with the reasons that keep them.",
    footer = {"", "Example: keepset backup list orders"})
final class BackupListCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(
      arity = "0..*",
      paramLabel = "DB",
      description = "Databases; all of them if none is named.")
  private List<String> names = new ArrayList<>();

  BackupListCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException {
    Lookup lookup = new Lookup(shell.keepset());
    List<Lookup.Database> databases = new ArrayList<>();
    for (String name : names) {
      databases.add(lookup.database(name));
    }
    if (names.isEmpty()) {
      databases = lookup.databases();
    }
    if (shell.globals().json()) {
      List<MapNode> backups = new ArrayList<>();
      for (Lookup.Database database : databases) {
        database.backups().forEach(b -> backups.add(BackupCodec.encode(b)));
      }
      shell.console().json(new MapBuilder().put("backups", backups).build());
      return ExitCode.DONE.code();
    }
    print(databases);
    return ExitCode.DONE.code();
  }

  private void print(List<Lookup.Database> databases) throws DriverException {
    TextTable table = new TextTable("ID", "STATE", "KIND", "TIME", "SIZE", "WHY");
    int count = 0;
    long stored = 0;
    for (Lookup.Database database : databases) {
      List<Backup> backups = database.backups();
      Map<String, String> reasons = reasons(database, backups, shell.clock().instant());
      for (Backup backup : Copies.beneath(backups)) {
        count++;
        stored += backup.storedSize().orElse(0);
        table.add(
            (backup.kind() == BackupKind.COPY ? "  " : "") + backup.id(),
            BackupWords.state(backup),
            BackupWords.kind(backup),
            BackupWords.time(backup.time(), database.zone()),
            BackupWords.size(backup.size()),
            BackupWords.outlook(
                backup, Optional.ofNullable(reasons.get(backup.id())), database.zone()));
      }
    }
    if (count == 0) {
      shell.console().note("no backups yet; make one: keepset backup create DB");
      return;
    }
    List<String> lines = table.lines();
    shell.console().out().println(shell.console().paint(Console.Colour.BOLD, lines.get(0)));
    lines.subList(1, lines.size()).forEach(shell.console().out()::println);
    shell
        .console()
        .out()
        .println(Figures.count(count, "backup") + ", " + Figures.size(stored) + " in stores");
  }

  /** By id; nothing if no policy decides. */
  private static Map<String, String> reasons(
      Lookup.Database database, List<Backup> backups, Instant now) throws DriverException {
    Map<String, String> reasons = new HashMap<>();
    if (database.protection().isPresent()) {
      Protection protection = database.protection().get();
      Function<Backup, List<String>> holds = database.holds();
      put(reasons, Copies.originals(backups), protection.rules(), protection, holds, now);
      for (Copy copy : protection.copies().values()) {
        put(reasons, Copies.of(backups, copy), copy.retention(), protection, holds, now);
      }
    }
    return reasons;
  }

  private static void put(
      Map<String, String> reasons,
      List<Backup> backups,
      Retention rules,
      Protection protection,
      Function<Backup, List<String>> holds,
      Instant now) {
    KeepSet decided = KeepSet.decide(backups, rules, protection.zone(), now, holds);
    for (Decision decision : decided.decisions()) {
      reasons.put(decision.backup().id(), decision.why());
    }
  }
}
