package io.keepset.app.cli;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import io.keepset.plan.Figures;
import io.keepset.policy.PolicyTerms;
import io.keepset.policy.Schedule;
import io.keepset.retention.Backup;
import io.keepset.retention.Copies;
import io.keepset.retention.HistoryLines;
import io.keepset.retention.MadeUpRuns;
import io.keepset.retention.Simulated;
import io.keepset.retention.Simulation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The backups that a simulation is about, and what becomes of them. */
final class SimulatedHistory {
  private static final int MOST_RUNS = 200_000;

  private final Console console;
  private final SimulateOptions options;
  private final PolicyTerms terms;
  private final ZoneId zone;
  private final Instant clock;

  SimulatedHistory(
      Console console, SimulateOptions options, PolicyTerms terms, ZoneId zone, Instant clock) {
    this.console = console;
    this.options = options;
    this.terms = terms;
    this.zone = zone;
    this.clock = clock;
  }

  /** What is taken for now. */
  Instant now() throws CommandException {
    if (options.now != null) {
      return SimulateOptions.end("--now", options.now, zone);
    }
    return options.to == null ? clock : SimulateOptions.end("--to", options.to, zone);
  }

  Simulated simulate() throws CommandException, IOException {
    Simulation simulation = new Simulation(terms.retention(), zone, terms.grace());
    try {
      return options.history == null ? madeUp(simulation) : given(simulation, options.history);
    } catch (Simulation.TooLong e) {
      throw SimulateOptions.usage(e.getMessage() + "; take a shorter time");
    }
  }

  private Simulated madeUp(Simulation simulation) throws CommandException, Simulation.TooLong {
    Instant now = now();
    Instant from = SimulateOptions.beginning("--from", options.from, zone);
    Instant to = options.to == null ? now : SimulateOptions.end("--to", options.to, zone);
    SimulateOptions.require(!to.isBefore(from), "--from is later than the end of the history");
    SimulateOptions.require(
        !schedules().isEmpty(),
        "policy " + terms.name() + " has no schedule: add --schedule '0 2 * * *'");
    if (options.at == null) {
      return simulation.decide(backups(from, to, OptionalLong.empty()), now);
    }
    Instant at = SimulateOptions.end("--at", options.at, zone);
    SimulateOptions.require(!at.isBefore(from), "--at is earlier than --from");
    return simulation.live(List.of(), backups(from, at, OptionalLong.empty()), from, at);
  }

  private Simulated given(Simulation simulation, String file)
      throws CommandException, IOException, Simulation.TooLong {
    Instant now = now();
    List<Backup> history = read(file);
    if (options.at == null) {
      long later = history.stream().filter(b -> b.time().isAfter(now)).count();
      if (later > 0) {
        console.note("note: " + Figures.count(later, "backup") + " of the history later than now");
      }
      return simulation.decide(history, now);
    }
    Instant at = SimulateOptions.end("--at", options.at, zone);
    SimulateOptions.require(
        !at.isBefore(now),
        "--at is earlier than now: the history says what there is now; move --now instead");
    List<Backup> there = history.stream().filter(b -> !b.time().isAfter(now)).toList();
    List<Backup> coming =
        new ArrayList<>(history.stream().filter(b -> b.time().isAfter(now)).toList());
    Instant last = coming.isEmpty() ? now : coming.get(coming.size() - 1).time();
    if (schedules().isEmpty()) {
      console.note("note: without a schedule no backups are made until then; add --schedule");
    } else if (last.isBefore(at)) {
      coming.addAll(backups(last.plusSeconds(1), at, newestSize(history)));
    }
    return simulation.live(there, coming, now, at);
  }

  private List<Backup> read(String file) throws CommandException, IOException {
    boolean piped = file.equals("-");
    byte[] bytes = piped ? console.in().readAllBytes() : Files.readAllBytes(Path.of(file));
    String text = new String(bytes, StandardCharsets.UTF_8);
    Validated<List<Backup>> read =
        HistoryLines.read(
            piped ? "standard input" : file, text, zone, terms.suspiciousBelowPercent());
    List<Diagnostic> found = read.diagnostics();
    List<Backup> history =
        read.valid().orElseThrow(() -> new CommandException(ExitCode.FAILED, found, text));
    console.diagnostics(found, path -> Optional.of(text));
    List<Backup> originals = Copies.originals(history);
    int copies = history.size() - originals.size();
    if (copies == 0 || originals.isEmpty()) {
      return history;
    }
    console.note("note: copies have rules of their own: " + copies + " are left out");
    return originals;
  }

  private static OptionalLong newestSize(List<Backup> history) {
    for (int i = history.size() - 1; i >= 0; i--) {
      Backup backup = history.get(i);
      if (backup.verified() && !backup.suspicious() && backup.size().isPresent()) {
        return backup.size();
      }
    }
    return OptionalLong.empty();
  }

  private List<Backup> backups(Instant from, Instant to, OptionalLong size)
      throws CommandException {
    MadeUpRuns runs = new MadeUpRuns(schedules(), options.missed(), options.seeded());
    Optional<List<Instant>> times = runs.between(from.minusNanos(1), to, MOST_RUNS);
    SimulateOptions.require(
        times.isPresent(),
        "these are more than " + MOST_RUNS + " runs; take a shorter time or a slower schedule");
    return times.orElseThrow().stream().map(at -> MadeUpRuns.backup(at, size)).toList();
  }

  private List<Schedule> schedules() throws CommandException {
    @Nullable Schedule own = options.schedule(zone).orElse(null);
    return own == null ? List.copyOf(terms.schedules().values()) : List.of(own);
  }
}
