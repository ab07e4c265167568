package io.keepset.app.cli;

import io.keepset.app.AuditCodec;
import io.keepset.app.state.Audit;
import io.keepset.source.MapBuilder;
import io.keepset.spi.DriverException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "audit",
    description = "Show who changed what, the newest first.",
    footer = {
      "",
      "Written down are applies, deletions by hand, holds made and ended by hand, and writes of"
          + " Terraform's states and locks on them that were broken."
    })
final class AuditCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many entries (default: ${DEFAULT-VALUE}).")
  private int limit;

  AuditCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException {
    List<Audit.Entry> entries = shell.keepset().audit().newest(Math.max(1, limit));
    if (shell.globals().json()) {
      shell
          .console()
          .json(
              new MapBuilder()
                  .put("entries", entries.stream().map(AuditCodec::encode).toList())
                  .build());
    } else if (entries.isEmpty()) {
      shell.console().note("nothing was written down yet");
    } else {
      TextTable table = new TextTable("AT", "BY", "ACTION", "TARGET", "DETAIL");
      for (Audit.Entry entry : entries) {
        table.add(
            entry.at().truncatedTo(ChronoUnit.SECONDS).toString(),
            entry.actor(),
            entry.action(),
            entry.target(),
            entry.detail().orElse(""));
      }
      table.lines().forEach(shell.console().out()::println);
    }
    return ExitCode.DONE.code();
  }
}
