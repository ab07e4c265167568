package io.keepset.app.cli;

import io.keepset.app.StoreReportCodec;
import io.keepset.plan.Figures;
import io.keepset.policy.Nearest;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations;
import io.keepset.spi.StoreOperations.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "store", description = "Look after the stores that hold backups.")
final class StoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets spec
  private StoreCommand() {}

  static CommandLine tree(Shell shell) {
    return new CommandLine(new StoreCommand())
        .addSubcommand(new ListStores(shell))
        .addSubcommand(new Check(shell))
        .addSubcommand(new Rescan(shell));
  }

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "a command is missing: list, check or rescan");
  }

  @Command(name = "list", description = "List the stores that are declared.")
  static final class ListStores implements Callable<Integer> {
    private final Shell shell;

    ListStores(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      List<String> names = shell.keepset().stores().names();
      if (shell.globals().json()) {
        shell.console().json(new MapBuilder().putTexts("stores", names).build());
      } else if (names.isEmpty()) {
        shell.console().note("no stores yet; declare one and apply");
      } else {
        names.forEach(shell.console().out()::println);
      }
      return ExitCode.DONE.code();
    }
  }

  @Command(
      name = "check",
      description =
          "Compare stores with the catalogue: is every backup there, and whole? Stored files stay as"
              + " they are; a backup that --read-data finds bad is marked FAILED in the catalogue and"
              + " no longer counts.",
      footer = {"", "Example: keepset store check main --read-data"})
  static final class Check implements Callable<Integer> {
    private final Shell shell;

    @Parameters(arity = "0..*", paramLabel = "STORE", description = "Stores; all if left out.")
    private List<String> names = new ArrayList<>();

    @Option(
        names = "--read-data",
        description = "Read every byte back and verify it, instead of comparing sizes.")
    private boolean readData;

    Check(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      StoreOperations stores = shell.keepset().stores();
      return each(shell, names, "checking ", (name, bar) -> stores.check(name, readData, bar));
    }
  }

  @Command(
      name = "rescan",
      description =
          "Make the catalogue say what the stores hold: take in backups that it does not know, mark"
              + " those that are gone, end what was interrupted. Never removes a backup's bytes.",
      footer = {"", "Example: keepset store rescan main"})
  static final class Rescan implements Callable<Integer> {
    private final Shell shell;

    @Parameters(arity = "0..*", paramLabel = "STORE", description = "Stores; all if left out.")
    private List<String> names = new ArrayList<>();

    Rescan(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      StoreOperations stores = shell.keepset().stores();
      return each(shell, names, "scanning ", stores::rescan);
    }
  }

  /** One of the verbs on one store. */
  @FunctionalInterface
  private interface Verb {
    Report run(String store, Progress progress) throws DriverException;
  }

  private static int each(Shell shell, List<String> names, String doing, Verb verb)
      throws DriverException {
    List<String> known = shell.keepset().stores().names();
    if (known.isEmpty()) {
      throw new DriverException(
          DriverException.Kind.NOT_FOUND,
          "no stores are known here yet, so nothing was looked at: run keepset apply with the policies"
              + " that declare your stores first, or name another data directory with --data");
    }
    for (String name : names) {
      if (!known.contains(name)) {
        throw new DriverException(
            DriverException.Kind.NOT_FOUND,
            "there is no store "
                + name
                + Nearest.to(name, known).map(near -> "; did you mean " + near + "?").orElse(""));
      }
    }
    boolean good = true;
    List<MapNode> reports = new ArrayList<>();
    for (String name : names.isEmpty() ? known : names) {
      Report report;
      try (Console.Bar bar = shell.console().progress(doing + name)) {
        report = verb.run(name, bar);
      }
      good &= report.good();
      reports.add(StoreReportCodec.encode(report));
      if (!shell.globals().json()) {
        print(shell.console(), report);
      }
    }
    if (shell.globals().json()) {
      shell.console().json(new MapBuilder().put("stores", reports).build());
    }
    return (good ? ExitCode.DONE : ExitCode.FAILED).code();
  }

  private static void print(Console console, Report report) {
    String summary =
        report.store()
            + " ("
            + report.describe()
            + "): "
            + Figures.count(report.backups(), "backup")
            + (report.bytes() > 0 ? ", " + Figures.size(report.bytes()) + " read back" : "");
    console.out().println(summary + (report.findings().isEmpty() ? ", all well" : ""));
    report.changes().forEach(change -> console.out().println("  " + change));
    console.diagnostics(report.findings());
  }
}
