package io.keepset.app.cli;

import io.keepset.reconcile.Drift;
import io.keepset.reconcile.DriftJson;
import io.keepset.reconcile.DriftText;
import io.keepset.spi.DriverException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "drift",
    description =
        "What is live against what was last applied: settings that somebody changed, targets that"
            + " vanished, schedules that stand still, databases in no file. Needs no Git and"
            + " changes nothing.",
    footer = {
      "",
      "Exit codes: 0 looked, 1 failed, 2 something was found (with --detailed-exitcode).",
      "",
      "Examples:",
      "  keepset drift",
      "  keepset drift --detailed-exitcode --json     for a scheduled check"
    })
final class DriftCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(names = "--detailed-exitcode", description = "End with 2 if anything was found.")
  private boolean detailed;

  DriftCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException {
    Drift drift = shell.keepset().drift();
    if (shell.globals().json()) {
      shell.console().json(DriftJson.of(drift));
    } else {
      shell.console().out().print(DriftText.print(drift));
      shell.console().out().flush();
    }
    return (detailed && drift.found() ? ExitCode.CHANGES_PENDING : ExitCode.DONE).code();
  }
}
