package io.keepset.app.cli;

import io.keepset.app.AuditTrail;
import io.keepset.plan.Figures;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupCodec;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.spi.DriverException;

/** Prints what became of a backup that was just made or taken in. */
final class BackupOutcome {
  private final Shell shell;

  BackupOutcome(Shell shell) {
    this.shell = shell;
  }

  /**
   * Writes it down in the audit, too.
   *
   * @param action as the audit calls it
   * @param how {@code made}, {@code taken in}
   * @return the exit code
   */
  int print(Backup backup, String action, String how, Lookup.Database database)
      throws DriverException {
    shell.keepset().audit().made(AuditTrail.user(), action, backup);
    Console console = shell.console();
    boolean good = backup.state() == BackupState.CREATED;
    if (shell.globals().json()) {
      console.json(BackupCodec.encode(backup));
    } else if (good) {
      console
          .out()
          .println(
              backup.id()
                  + " "
                  + how
                  + " and verified: "
                  + BackupWords.size(backup.size())
                  + ", "
                  + BackupWords.size(backup.storedSize())
                  + " in store "
                  + backup.store().orElse("-"));
      for (Backup copy : Copies.of(database.backups(), backup.id())) {
        console.out().println("copied to " + BackupWords.copied(copy));
      }
    }
    if (!good) {
      console.error(
          backup.id() + " failed: " + Figures.plain(backup.error().orElse("no reason was given")));
    } else if (backup.suspicious()) {
      console.note(
          "warning: it is much smaller than the backups before it, so it does not count, and"
              + " nothing expires while it is the newest");
    }
    return (good ? ExitCode.DONE : ExitCode.FAILED).code();
  }
}
