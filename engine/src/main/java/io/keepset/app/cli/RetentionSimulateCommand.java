package io.keepset.app.cli;

import io.keepset.policy.PolicyTerms;
import io.keepset.retention.Simulated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "simulate",
    description =
        "What a policy keeps of a history of backups, given or made up: each backup with its"
            + " reasons, and what is left on a later day. Looks at files only.",
    footer = {
      "",
      "A DATE is a day or a point in time: 2026-11-21, 2026-11-21T02:00, 2026-11-21T02:00:00Z. A"
          + " day means its end, with --from its beginning. A history from a file is what there is"
          + " now; a made-up one is lived through from its first day.",
      "",
      "Examples: keepset retention simulate --policy compose --schedule @daily --from 2026-01-01",
      "          keepset retention simulate --policy gold.yaml --history backups.jsonl --svg gold.svg"
    })
final class RetentionSimulateCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final SimulateOptions options = new SimulateOptions();

  RetentionSimulateCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    options.check();
    Console console = shell.console();
    SimulatedPolicy policies = new SimulatedPolicy(console);
    PolicyTerms terms =
        options.policy != null
            ? policies.named(options.policy)
            : policies.ofRetention(String.valueOf(options.retention));
    ZoneId zone = options.zone().orElse(terms.zone());
    SimulatedHistory history =
        new SimulatedHistory(console, options, terms, zone, shell.clock().instant());
    Instant now = history.now();
    Simulated result = history.simulate();
    SimulationReport report = new SimulationReport(terms, zone, now, result, options.at != null);
    if (options.svg != null) {
      draw(report, options.svg);
    }
    if (shell.globals().json() && !options.pictureToOut()) {
      console.json(report.json());
    } else if (!options.pictureToOut()) {
      print(report);
    }
    return ExitCode.DONE.code();
  }

  private void draw(SimulationReport report, String file) throws IOException {
    String svg = report.picture().svg();
    if (options.pictureToOut()) {
      shell.console().out().print(svg);
    } else {
      Files.writeString(Path.of(file), svg);
      shell.console().note("drawn into " + file);
    }
  }

  private void print(SimulationReport report) {
    Console console = shell.console();
    console
        .out()
        .println(
            RetentionWords.line(report.terms().retention()) + "  (" + report.zone().getId() + ")");
    List<String> lines = report.table();
    console.out().println(console.paint(Console.Colour.BOLD, lines.get(0)));
    lines.subList(1, lines.size()).forEach(console.out()::println);
    report.summary().forEach(console.out()::println);
  }
}
