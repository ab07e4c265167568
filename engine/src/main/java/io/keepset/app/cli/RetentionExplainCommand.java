package io.keepset.app.cli;

import io.keepset.plan.Figures;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupCodec;
import io.keepset.retention.Copies;
import io.keepset.retention.Decision;
import io.keepset.retention.Explanation;
import io.keepset.retention.Forecast;
import io.keepset.retention.Reason;
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
    List<Explanation.Group> groups =
        protection.isPresent() ? explain(database, protection.get(), backups, now) : List.of();
    if (shell.globals().json()) {
      shell.console().json(json(protection.isPresent(), groups, now));
    } else if (protection.isEmpty()) {
      String many = Figures.count(backups.size(), "backup");
      shell
          .console()
          .out()
          .println(
              "no policy is in force for "
                  + name
                  + ": its "
                  + many
                  + " stay until somebody deletes them");
    } else {
      print(database.zone(), groups);
    }
    return ExitCode.DONE.code();
  }

  private static List<Explanation.Group> explain(
      Lookup.Database database, Protection protection, List<Backup> backups, Instant now)
      throws DriverException {
    return Explanation.of(protection, backups, database.holds(), now).groups();
  }

  private void print(ZoneId zone, List<Explanation.Group> groups) {
    Console console = shell.console();
    if (groups.stream().allMatch(group -> group.forecasts().isEmpty())) {
      console.note("no backups of " + name + " yet");
      return;
    }
    for (Explanation.Group group : groups) {
      group
          .copies()
          .ifPresent(
              copies ->
                  console.out().println("\nCopies " + copies.name() + " in " + copies.store()));
      group
          .frozen()
          .ifPresent(
              why ->
                  console
                      .out()
                      .println(
                          console.paint(
                              Console.Colour.YELLOW,
                              "Nothing expires now, because the " + why + ".")));
      TextTable table = new TextTable("BACKUP", "TIME", "KEPT BECAUSE", "EXPIRES", "DELETED");
      for (Forecast forecast : group.forecasts()) {
        Backup backup = forecast.decision().backup();
        table.add(
            backup.id(),
            BackupWords.time(backup.time(), zone),
            because(forecast.decision(), group.governed()),
            forecast.stays().orElseGet(() -> day(forecast.expires(), zone)),
            day(forecast.deleted(), zone));
      }
      List<String> lines = table.lines();
      console.out().println(console.paint(Console.Colour.BOLD, lines.get(0)));
      lines.subList(1, lines.size()).forEach(console.out()::println);
    }
  }

  private static String because(Decision decision, boolean governed) {
    String why =
        switch (decision.backup().state()) {
          case EXPIRED ->
              decision.kept() ? decision.why() + ": in its grace" : "no more: in its grace";
          case CREATING, CREATED, RESTORING, FAILED, DELETED ->
              decision.kept()
                  ? decision.why()
                  : governed ? "nothing: expires with the next pass" : "no rule";
        };
    return decision.backup().suspicious() ? why + " (suspicious)" : why;
  }

  private static String day(Optional<Instant> at, ZoneId zone) {
    return at.map(t -> BackupWords.time(t, zone)).orElse("-");
  }

  private MapNode json(boolean governed, List<Explanation.Group> groups, Instant now) {
    List<MapNode> backups = new ArrayList<>();
    for (Explanation.Group group : groups) {
      group.forecasts().forEach(forecast -> backups.add(json(group, forecast)));
    }
    return new MapBuilder()
        .put("database", name)
        .put("now", now)
        .put("policy_in_force", governed)
        .putText("frozen", groups.stream().findFirst().flatMap(Explanation.Group::frozen))
        .put("backups", backups)
        .build();
  }

  private static MapNode json(Explanation.Group group, Forecast forecast) {
    return new MapBuilder()
        .put("backup", BackupCodec.encode(forecast.decision().backup()))
        .putText("copy", group.copies().map(Copies.Group::name))
        .put("kept", forecast.decision().kept() || !group.governed())
        .putTexts("reasons", forecast.decision().reasons().stream().map(Reason::text).toList())
        .putTime("expires", forecast.expires())
        .putTime("deleted", forecast.deleted())
        .putText("stays", forecast.stays())
        .build();
  }
}
