package io.keepset.app.cli;

import io.keepset.diagnostic.Severity;
import io.keepset.plan.Figures;
import io.keepset.policy.Nearest;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "status",
    description = {
      "Whether everything that should have happened has: backups, objectives, stores, policies.",
      "Ends with 1 if something is broken. With databases named it tells of those alone, with the"
          + " reason for each objective."
    },
    footer = {"", "Example: keepset status orders"})
final class StatusCommand implements Callable<Integer> {
  private final Map<String, ZoneId> zones = new HashMap<>();
  private final Shell shell;

  @Parameters(
      arity = "0..*",
      paramLabel = "DB",
      description = "Databases; everything if none is named.")
  private List<String> names = new ArrayList<>();

  StatusCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException {
    MapNode status = shell.keepset().status();
    List<MapNode> databases = status.maps("databases");
    List<MapNode> problems = status.maps("problems");
    if (!names.isEmpty()) {
      databases = named(databases);
      problems = databases.stream().flatMap(d -> d.maps("problems").stream()).toList();
    }
    boolean healthy = problems.stream().noneMatch(p -> is(p, "severity", Severity.ERROR.word()));
    if (shell.globals().json()) {
      shell.console().json(names.isEmpty() ? status : part(status, healthy, problems, databases));
    } else {
      print(databases, problems, status);
    }
    return (healthy ? ExitCode.DONE : ExitCode.FAILED).code();
  }

  private static MapNode part(
      MapNode status, boolean healthy, List<MapNode> problems, List<MapNode> databases) {
    return new MapBuilder()
        .put("now", status.text("now").orElseThrow())
        .put("healthy", healthy)
        .put("problems", problems)
        .put("databases", databases)
        .build();
  }

  private List<MapNode> named(List<MapNode> databases) throws DriverException {
    List<String> known = databases.stream().map(d -> d.text("name").orElseThrow()).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new DriverException(
            Kind.NOT_FOUND,
            "there is no database "
                + name
                + Nearest.to(name, known).map(near -> "; did you mean " + near + "?").orElse(""));
      }
    }
    return databases.stream().filter(d -> names.contains(d.text("name").orElseThrow())).toList();
  }

  private void print(List<MapNode> databases, List<MapNode> problems, MapNode status) {
    Console console = shell.console();
    Instant now = Instant.parse(status.text("now").orElseThrow());
    if (databases.isEmpty()) {
      console.note("nothing is protected yet: declare a database and run keepset apply");
    } else {
      TextTable table =
          new TextTable("DATABASE", "STATE", "NEWEST GOOD BACKUP", "AGE", "NEXT RUN", "OBJECTIVES");
      databases.forEach(database -> table.add(row(database, now)));
      List<String> lines = table.lines();
      console.out().println(console.paint(Console.Colour.BOLD, lines.get(0)));
      lines.subList(1, lines.size()).forEach(console.out()::println);
    }
    databases.forEach(this::pointInTime);
    databases.forEach(
        one ->
            zones.put(one.text("name").orElse(""), ZoneId.of(one.text("timezone").orElse("UTC"))));
    if (!names.isEmpty()) {
      databases.forEach(this::objectives);
    }
    if (databases.isEmpty() && problems.isEmpty()) {
      return; // where nothing is protected nothing is well
    }
    problems.forEach(this::problem);
    long broken = problems.stream().filter(p -> is(p, "severity", Severity.ERROR.word())).count();
    console
        .out()
        .println(
            broken > 0
                ? console.paint(Console.Colour.RED, Figures.count(broken, "thing") + " broken")
                : problems.isEmpty() ? "all well" : "nothing is broken");
  }

  private static String[] row(MapNode database, Instant now) {
    ZoneId zone = ZoneId.of(database.text("timezone").orElse("UTC"));
    Optional<Instant> newest =
        database.map("newest_good").flatMap(b -> b.text("time")).map(Instant::parse);
    Optional<Instant> next = database.text("next_run").map(Instant::parse);
    List<String> objectives =
        database.maps("objectives").stream()
            .map(o -> o.text("objective").orElse("") + " " + o.text("state").orElse(""))
            .toList();
    return new String[] {
      database.text("name").orElse(""),
      database.text("state").orElse(""),
      newest.map(at -> BackupWords.time(at, zone)).orElse("none"),
      newest.map(at -> Figures.age(Duration.between(at, now))).orElse("-"),
      next.map(at -> BackupWords.time(at, zone)).orElse("-"),
      objectives.isEmpty() ? "-" : String.join(", ", objectives)
    };
  }

  private void pointInTime(MapNode database) {
    ZoneId zone = ZoneId.of(database.text("timezone").orElse("UTC"));
    database
        .map("point_in_time")
        .ifPresent(
            span ->
                shell
                    .console()
                    .out()
                    .println(
                        database.text("name").orElse("")
                            + ": restorable to any time from "
                            + instant(span, "oldest", zone)
                            + " to "
                            + instant(span, "newest", zone)));
  }

  private static String instant(MapNode span, String key, ZoneId zone) {
    return Instant.parse(span.text(key).orElseThrow())
        .atZone(zone)
        .truncatedTo(ChronoUnit.SECONDS)
        .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
  }

  private void objectives(MapNode database) {
    for (MapNode objective : database.maps("objectives")) {
      shell
          .console()
          .out()
          .println(
              database.text("name").orElse("")
                  + ": "
                  + objective.text("objective").orElse("")
                  + " "
                  + objective
                      .text("promised_seconds")
                      .map(s -> Figures.period(Duration.ofSeconds(Long.parseLong(s))))
                      .orElse("")
                  + " "
                  + objective.text("state").orElse("")
                  + ": "
                  + objective.text("reason").orElse(""));
    }
  }

  /** By the clock of the database that it is about, if it is about one. */
  private String since(MapNode problem) {
    ZoneId zone = zones.getOrDefault(problem.text("target").orElse(""), ZoneOffset.UTC);
    return problem.text("since").isEmpty() ? "" : ", since " + instant(problem, "since", zone);
  }

  private void problem(MapNode problem) {
    Console console = shell.console();
    String severity = problem.text("severity").orElse("");
    Console.Colour colour =
        switch (Severity.valueOf(severity.toUpperCase(Locale.ROOT))) {
          case ERROR -> Console.Colour.RED;
          case WARNING, NOTE -> Console.Colour.YELLOW;
        };
    console
        .out()
        .println(
            console.paint(colour, severity + ":")
                + " "
                + Figures.plain(
                    problem.text("target").orElse("") + ": " + problem.text("message").orElse(""))
                + " ["
                + problem.text("code").orElse("")
                + "]"
                + since(problem));
    problem.text("hint").ifPresent(hint -> console.out().println("  hint: " + hint));
  }

  private static boolean is(MapNode map, String key, String value) {
    return map.text(key).equals(Optional.of(value));
  }
}
