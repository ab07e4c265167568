package io.keepset.app.cli;

import io.keepset.plan.Figures;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupCodec;
import io.keepset.retention.Decision;
import io.keepset.retention.Forecast;
import io.keepset.retention.KeepSet;
import io.keepset.retention.Reason;
import io.keepset.retention.RetentionForecast;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "explain",
    description =
        "For every backup of a database: all reasons that keep it, and the day on which it will go"
            + " if backups go on as scheduled.",
    footer = {"", "Example: keepset retention explain orders"})
final class RetentionExplainCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(paramLabel = "DB", description = "The database.")
  private String name = "";

  RetentionExplainCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException {
    Lookup.Database database = new Lookup(shell.keepset()).database(name);
    Instant now = shell.clock().instant();
    List<Backup> backups = database.backups();
    Optional<Protection> protection = database.protection();
    List<Forecast> forecasts =
        protection.isPresent() ? forecast(protection.get(), backups, now) : List.of();
    Optional<String> frozen =
        protection.flatMap(
            p -> KeepSet.decide(backups, p.retention(), p.zone(), now, KeepSet::noHolds).frozen());
    if (shell.globals().json()) {
      shell.console().json(json(protection.isPresent(), frozen, forecasts, now));
    } else {
      print(database, protection, frozen, forecasts);
    }
    return ExitCode.DONE.code();
  }

  private static List<Forecast> forecast(Protection protection, List<Backup> backups, Instant now) {
    return new RetentionForecast(
            protection.name(),
            protection.schedules().values(),
            protection.retention(),
            protection.zone(),
            protection.grace(),
            KeepSet::noHolds,
            RetentionForecast.USUAL_HORIZON)
        .of(backups, now);
  }

  private void print(
      Lookup.Database database,
      Optional<Protection> protection,
      Optional<String> frozen,
      List<Forecast> forecasts)
      throws DriverException {
    Console console = shell.console();
    if (protection.isEmpty()) {
      console
          .out()
          .println(
              "no policy is in force for "
                  + name
                  + ": its "
                  + Figures.count(database.backups().size(), "backup")
                  + " stay until somebody deletes them");
      return;
    }
    if (forecasts.isEmpty()) {
      console.note("no backups of " + name + " yet");
      return;
    }
    frozen.ifPresent(
        why ->
            console
                .out()
                .println(
                    console.paint(
                        Console.Colour.YELLOW, "Nothing expires now, because the " + why + ".")));
    TextTable table = new TextTable("BACKUP", "TIME", "KEPT BECAUSE", "EXPIRES", "DELETED");
    ZoneId zone = database.zone();
    for (Forecast forecast : forecasts) {
      Backup backup = forecast.decision().backup();
      table.add(
          backup.id(),
          BackupWords.time(backup.time(), zone),
          because(forecast.decision()),
          forecast.stays().orElseGet(() -> day(forecast.expires(), zone)),
          day(forecast.deleted(), zone));
    }
    List<String> lines = table.lines();
    console.out().println(console.paint(Console.Colour.BOLD, lines.get(0)));
    lines.subList(1, lines.size()).forEach(console.out()::println);
  }

  private static String because(Decision decision) {
    return switch (decision.backup().state()) {
      case EXPIRED -> "no more: in its grace";
      case CREATING, CREATED, RESTORING, FAILED, DELETED ->
          decision.kept() ? decision.why() : "nothing: expires with the next pass";
    };
  }

  private static String day(Optional<Instant> at, ZoneId zone) {
    return at.map(t -> BackupWords.time(t, zone)).orElse("-");
  }

  private MapNode json(
      boolean governed, Optional<String> frozen, List<Forecast> forecasts, Instant now) {
    List<MapNode> backups = new ArrayList<>();
    for (Forecast forecast : forecasts) {
      backups.add(
          new MapBuilder()
              .put("backup", BackupCodec.encode(forecast.decision().backup()))
              .put("kept", forecast.decision().kept())
              .putTexts(
                  "reasons", forecast.decision().reasons().stream().map(Reason::text).toList())
              .putTime("expires", forecast.expires())
              .putTime("deleted", forecast.deleted())
              .putText("stays", forecast.stays())
              .build());
    }
    return new MapBuilder()
        .put("database", name)
        .put("now", now)
        .put("policy_in_force", governed)
        .putText("frozen", frozen)
        .put("backups", backups)
        .build();
  }
}
