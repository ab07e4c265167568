package io.keepset.watch;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Questions that the watch asks about the backups of one database; copies answer none of them. */
final class History {
  private static final Comparator<Backup> BY_TIME =
      Comparator.comparing(Backup::time).thenComparing(Backup::id);

  private final List<Backup> backups;

  /** Those that claim to be from after now say nothing about what there is now. */
  History(List<Backup> backups, Instant now) {
    this.backups =
        Copies.originals(backups).stream()
            .filter(b -> !b.time().isAfter(now))
            .sorted(BY_TIME)
            .toList();
  }

  List<Backup> all() {
    return backups;
  }

  /**
   * The newest that can be restored and is worth it: verified, not suspicious, not empty. What was
   * uploaded holds the data of a moment that nobody knows.
   */
  Optional<Backup> newestGood() {
    return backups.stream().filter(b -> run(b.kind()) && good(b)).max(BY_TIME);
  }

  static boolean good(Backup backup) {
    boolean whole =
        switch (backup.state()) {
          case CREATED, RESTORING, EXPIRED -> true;
          case CREATING, FAILED, DELETED -> false;
        };
    return whole && backup.verified() && !backup.suspicious() && backup.size().orElse(1) > 0;
  }

  /** The newest run that ended, well or not; what was brought from elsewhere is no run. */
  Optional<Backup> newestRun() {
    return backups.stream()
        .filter(b -> b.state() != BackupState.CREATING && b.state() != BackupState.DELETED)
        .filter(b -> run(b.kind()))
        .max(BY_TIME);
  }

  private static boolean run(BackupKind kind) {
    return switch (kind) {
      case SCHEDULED, ON_DEMAND, FINAL -> true;
      case UPLOADED, COPY -> false;
    };
  }

  /** When a scheduled run last began, however it ended or goes on. */
  Optional<Instant> lastScheduled() {
    return backups.stream()
        .filter(b -> b.kind() == BackupKind.SCHEDULED)
        .max(BY_TIME)
        .map(Backup::time);
  }

  /** The oldest that is being made. */
  Optional<Backup> underWay() {
    return backups.stream().filter(b -> b.state() == BackupState.CREATING).min(BY_TIME);
  }

  Optional<Instant> lastVerified() {
    return backups.stream()
        .filter(b -> run(b.kind()) && good(b))
        .flatMap(b -> b.verifiedAt().stream())
        .max(Comparator.naturalOrder());
  }

  /** Complete once, and found bad since. */
  List<Backup> damaged() {
    return backups.stream()
        .filter(b -> b.state() == BackupState.FAILED && b.size().isPresent())
        .toList();
  }
}
