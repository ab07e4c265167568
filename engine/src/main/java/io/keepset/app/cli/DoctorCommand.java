package io.keepset.app.cli;

import io.keepset.app.LoadedPolicies;
import io.keepset.app.doctor.Checkup;
import io.keepset.app.doctor.Doctor;
import io.keepset.app.doctor.State;
import io.keepset.app.state.StateSettings;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Figures;
import io.keepset.policy.PolicySet;
import io.keepset.retention.Backup;
import io.keepset.runner.RunnerPlatform;
import io.keepset.source.DiagnosticCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "doctor",
    description = {
      "Look whether this machine has what the policies need: programs and their versions, logins"
          + " and rights, stores, keys, state, time zones. Every finding comes with its cure;"
          + " nothing is changed.",
      "Exit code 1 says that something needed is missing."
    },
    footer = {"", "Examples:", "  keepset doctor", "  keepset doctor policies/ --json"})
final class DoctorCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DIR",
      description = "Directory with the policy files (default: --policies).")
  private @Nullable Path directory;

  DoctorCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    LoadedPolicies loaded = shell.load(directory);
    PolicySet set = loaded.set().value();
    boolean stateElsewhere =
        shell.globals().server().isPresent() || shell.environment().containsKey(StateSettings.URL);
    Doctor doctor =
        new Doctor(
            shell.globals().data(),
            shell.clock(),
            shell.wiring().secrets(),
            stateElsewhere,
            this::known);
    List<Checkup> all = new ArrayList<>();
    if (loaded.set().hasErrors()) {
      all.add(new Checkup("policies", List.of(mistakes(loaded))));
    }
    all.addAll(doctor.examine(set == null ? PolicySet.EMPTY : set));
    boolean healthy = all.stream().allMatch(Checkup::healthy);
    if (shell.globals().json()) {
      shell.console().json(json(all, healthy));
    } else {
      print(all, healthy);
    }
    return (healthy ? ExitCode.DONE : ExitCode.FAILED).code();
  }

  private State.Known known() throws DriverException {
    List<Backup> backups = new ArrayList<>();
    if (shell.globals().server().isEmpty()) {
      Platform runner =
          Objects.requireNonNull(shell.keepset().platforms().get(RunnerPlatform.NAME), "runner");
      runner.backups(runner.read().targets().keySet()).values().forEach(backups::addAll);
    }
    return new State.Known(shell.keepset().where(), backups);
  }

  private static Diagnostic mistakes(LoadedPolicies loaded) {
    long count = loaded.set().diagnostics().stream().filter(Diagnostic::isError).count();
    return Diagnostic.error(
            "doctor.policies", "the policy files have " + Figures.count(count, "mistake"), null)
        .withHint("keepset validate shows them; what could be read is looked at below");
  }

  private void print(List<Checkup> all, boolean healthy) {
    Console console = shell.console();
    for (Checkup checkup : all) {
      console.out().println(console.paint(Console.Colour.BOLD, checkup.subject()));
      for (Diagnostic finding : checkup.findings()) {
        console.out().println("  " + word(finding) + "  " + finding.message());
        if (finding.hint() != null) {
          console.out().println("           " + finding.hint());
        }
      }
    }
    console.out().println();
    console
        .out()
        .println(
            healthy ? "All that is needed is there." : "Something needed is missing: see above.");
  }

  private String word(Diagnostic finding) {
    Console console = shell.console();
    return switch (finding.severity()) {
      case ERROR -> console.paint(Console.Colour.RED, "missing");
      case WARNING -> console.paint(Console.Colour.YELLOW, "warning");
      case NOTE -> console.paint(Console.Colour.GREEN, "ok     ");
    };
  }

  private static MapNode json(List<Checkup> all, boolean healthy) {
    return new MapBuilder()
        .put("healthy", healthy)
        .put(
            "checks",
            all.stream()
                .map(
                    checkup ->
                        new MapBuilder()
                            .put("subject", checkup.subject())
                            .put("healthy", checkup.healthy())
                            .put("findings", DiagnosticCodec.encode(checkup.findings()))
                            .build())
                .toList())
        .build();
  }
}
