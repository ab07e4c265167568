package io.keepset.app.cli;

import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description =
        "Read backups back, check every byte, and let the engine check them. A bad one no longer"
            + " counts.",
    footer = {"", "Example: keepset backup verify orders"})
final class BackupVerifyCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(
      arity = "1..*",
      paramLabel = "ID|DB",
      description = "Backups, or databases: their newest backups.")
  private List<String> ids = new ArrayList<>();

  BackupVerifyCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException {
    Lookup lookup = new Lookup(shell.keepset());
    List<Lookup.Found> wanted = new ArrayList<>();
    for (String id : ids) {
      wanted.add(lookup.backup(id));
    }
    boolean good = true;
    List<MapNode> verdicts = new ArrayList<>();
    for (Lookup.Found found : wanted) {
      String id = found.backup().id();
      Verdict verdict;
      try (Console.Bar bar = shell.console().progress("verifying " + id)) {
        verdict = found.database().operations().verify(id, bar);
      }
      good &= verdict.good();
      verdicts.add(
          new MapBuilder()
              .put("id", id)
              .put("good", verdict.good())
              .putTexts("findings", verdict.findings())
              .build());
      if (!shell.globals().json()) {
        print(id, verdict);
      }
    }
    if (shell.globals().json()) {
      shell.console().json(new MapBuilder().put("verified", verdicts).build());
    }
    return (good ? ExitCode.DONE : ExitCode.FAILED).code();
  }

  private void print(String id, Verdict verdict) {
    String findings = String.join("; ", verdict.findings());
    if (verdict.good()) {
      shell.console().out().println(id + " is good" + (findings.isEmpty() ? "" : ": " + findings));
    } else {
      shell.console().error(id + " is bad: " + findings);
      shell.console().note("  it no longer counts; make a new backup now");
    }
  }
}
