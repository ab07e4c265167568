package io.keepset.app.cli;

import io.keepset.app.AuditTrail;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description =
        "Read backups back, check every byte, and let the engine check them. A bad one no longer"
            + " counts.",
    footer = {
      "",
      "Examples:",
      "  keepset backup verify orders",
      "  keepset backup verify orders --restore --scratch-dir /var/tmp"
    })
final class BackupVerifyCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(
      arity = "1..*",
      paramLabel = "ID|DB",
      description = "Backups, or databases: their newest backups.")
  private List<String> ids = new ArrayList<>();

  @Option(
      names = "--restore",
      description =
          "Also restore each into a scratch instance of its engine, which is started on this machine"
              + " for that alone, and compare what came back. Fails where none can be started.")
  private boolean restore;

  @Option(
      names = "--scratch-dir",
      paramLabel = "DIR",
      description =
          "With --restore: where the instance's data lies meanwhile (the temporary directory).")
  private @Nullable Path scratchDir;

  BackupVerifyCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException, CommandException {
    if (scratchDir != null && !restore) {
      throw new CommandException(ExitCode.USAGE, "--scratch-dir goes with --restore");
    }
    Lookup lookup = new Lookup(shell.keepset());
    List<Lookup.Found> wanted = new ArrayList<>();
    for (String id : ids) {
      wanted.add(lookup.backup(id));
    }
    boolean good = true;
    List<MapNode> verdicts = new ArrayList<>();
    for (Lookup.Found found : wanted) {
      String id = found.backup().id();
      Verdict verdict = restore ? prove(found) : verify(found);
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

  private Verdict verify(Lookup.Found found) throws DriverException {
    String id = found.backup().id();
    try (Console.Bar bar = shell.console().progress("verifying " + id)) {
      return found.database().operations().verify(id, bar);
    }
  }

  private Verdict prove(Lookup.Found found) throws DriverException {
    String id = found.backup().id();
    AuditTrail audit = shell.keepset().audit();
    audit.note(AuditTrail.user(), "backup.prove", id, "begun");
    Verdict verdict;
    try (Console.Bar bar = shell.console().progress("proving " + id)) {
      verdict = found.database().operations().prove(id, Optional.ofNullable(scratchDir), bar);
    }
    audit.note(AuditTrail.user(), "backup.prove", id, verdict.good() ? "good" : "bad");
    return verdict;
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
