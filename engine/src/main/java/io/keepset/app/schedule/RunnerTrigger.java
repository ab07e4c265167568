package io.keepset.app.schedule;

import io.keepset.diagnostic.Severity;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.runner.Catalogue;
import io.keepset.runner.Copying;
import io.keepset.runner.Journal;
import io.keepset.runner.Recovery;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import java.time.Instant;

/** Runs of the runner: a scheduled backup, after which retention may let others go; its copies. */
public final class RunnerTrigger implements RunTrigger {
  private final BackupOperations operations;
  private final Catalogue catalogue;
  private final Recovery recovery;
  private final Copying copying;
  private final Journal journal;

  public RunnerTrigger(
      BackupOperations operations,
      Catalogue catalogue,
      Recovery recovery,
      Copying copying,
      Journal journal) {
    this.operations = operations;
    this.catalogue = catalogue;
    this.recovery = recovery;
    this.copying = copying;
    this.journal = journal;
  }

  @Override
  public Outcome run(String database, String schedule, Instant scheduledFor, boolean recovering) {
    if (recovering) {
      recovery.run();
      if (done(database, scheduledFor)) {
        return Outcome.ENDED;
      }
    }
    try {
      Backup backup = operations.create(database, BackupKind.SCHEDULED, Progress.NONE);
      journal.tell(
          backup.state() != BackupState.CREATED
              ? Severity.ERROR
              : backup.suspicious() ? Severity.WARNING : Severity.NOTE,
          backup.id(),
          backup
              .error()
              .map(e -> "scheduled run " + schedule + " failed: " + e)
              .orElse(
                  "made by schedule "
                      + schedule
                      + (backup.suspicious()
                          ? "; much smaller than those before it: it does not count, and nothing"
                              + " expires while it is the newest"
                          : "")));
      return Outcome.ENDED;
    } catch (DriverException e) {
      boolean passes = e.kind() == DriverException.Kind.TRANSIENT;
      journal.tell(
          passes ? Severity.NOTE : Severity.ERROR,
          database,
          "scheduled run " + schedule + " could not begin: " + e.getMessage());
      return passes ? Outcome.BUSY : Outcome.ENDED;
    }
  }

  /** What can't be copied now is tried again by a chore. */
  @Override
  public void afterwards(String database) {
    copying.of(database);
  }

  /** The node may have died after its backup was complete: then one is enough. */
  private boolean done(String database, Instant scheduledFor) {
    return catalogue.backups(database).stream()
        .anyMatch(
            b ->
                b.kind() == BackupKind.SCHEDULED
                    && b.state() == BackupState.CREATED
                    && !b.time().isBefore(scheduledFor));
  }
}
