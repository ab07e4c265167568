package io.keepset.reconcile;

import io.keepset.plan.Change;
import io.keepset.policy.Protection;
import io.keepset.policy.Suspension;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.Platform;
import io.keepset.spi.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The backup that is taken before a schedule ends for good. */
final class FinalBackup {
  /** A repeated apply does not take it again within this time. */
  private static final Duration FRESH = Duration.ofHours(1);

  private FinalBackup() {}

  /**
   * Takes it, if the protection that ends wants one and the platform can.
   *
   * @throws DriverException if it can't be had; the schedule must go on then
   */
  static Optional<Backup> of(Change change, Platform platform, Retry retry, Instant now)
      throws DriverException {
    Protection before = change.before().orElseThrow();
    Optional<BackupOperations> operations = platform.operations();
    boolean disabled = before.suspension().filter(Suspension::disabled).isPresent();
    if (!before.finalBackup() || disabled || operations.isEmpty()) {
      return Optional.empty();
    }
    Optional<Backup> fresh = fresh(before.name(), platform, retry, now);
    if (fresh.isPresent()) {
      return fresh;
    }
    return Optional.of(take(before.name(), operations.get(), retry));
  }

  private static Backup take(String database, BackupOperations operations, Retry retry)
      throws DriverException {
    Backup backup;
    try {
      backup = retry.call(() -> operations.create(database, BackupKind.FINAL, Progress.NONE));
    } catch (DriverException e) {
      throw new DriverException(e.kind(), failed(String.valueOf(e.getMessage())), e);
    }
    if (backup.state() != BackupState.CREATED) {
      throw new DriverException(
          DriverException.Kind.REJECTED, failed(backup.error().orElse("no reason given")));
    }
    return backup;
  }

  private static String failed(String why) {
    return "the final backup failed, so the schedule goes on: "
        + why
        + "; mend that, or declare the database once more with final_backup: false";
  }

  private static Optional<Backup> fresh(
      String database, Platform platform, Retry retry, Instant now) throws DriverException {
    List<Backup> backups =
        Copies.originals(
            retry
                .call(() -> platform.backups(List.of(database)))
                .getOrDefault(database, List.of()));
    if (backups.isEmpty()) {
      return Optional.empty();
    }
    Backup newest = backups.get(backups.size() - 1);
    return newest.kind() == BackupKind.FINAL
            && newest.state() == BackupState.CREATED
            && newest.time().isAfter(now.minus(FRESH))
        ? Optional.of(newest)
        : Optional.empty();
  }
}
