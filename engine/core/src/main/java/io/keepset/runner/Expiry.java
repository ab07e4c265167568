package io.keepset.runner;

import io.keepset.diagnostic.Severity;
import io.keepset.policy.Copy;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.retention.Decision;
import io.keepset.retention.Sweep;
import io.keepset.spi.DriverException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries out what retention decides: a backup that nothing keeps expires; one in its grace that
 * the rules keep again comes back; one whose grace is over is deleted. While the newest run is bad,
 * nothing expires and nothing is deleted. A database without a policy keeps all it has. Copies are
 * decided about apart from their originals, each name in its store by the retention of its own.
 */
public final class Expiry {
  /** Failed runs are shown that long; then they go, and bytes that were never a backup. */
  static final Duration FAILED_SHOWN = Duration.ofDays(30);

  private final RunnerPorts ports;

  public Expiry(RunnerPorts ports) {
    this.ports = ports;
  }

  /** All databases with a policy, one after the other. */
  public Report all() {
    Report sum = new Report(List.of(), List.of(), List.of());
    for (String database : ports.catalogue().protections().keySet()) {
      sum = sum.plus(of(database));
    }
    return sum;
  }

  public Report of(String database) {
    Optional<Protection> protection = ports.catalogue().protection(database);
    if (protection.isEmpty()) {
      return new Report(List.of(), List.of(), List.of());
    }
    Instant now = ports.now();
    Report sum = new Report(List.of(), List.of(), List.of());
    boolean frozen = false;
    List<Backup> all = ports.catalogue().backups(database);
    for (Judged one : judged(protection.get())) {
      List<Backup> backups = one.among(all);
      Sweep sweep = Sweep.of(backups, one.rules(), one.zone(), now, ports.holds().of(database));
      frozen |= sweep.frozen().isPresent();
      List<Backup> expired = expire(sweep, now, protection.get().grace());
      List<Backup> back = comeBack(sweep);
      sum = sum.plus(new Report(expired, back, List.of()));
    }
    return frozen ? sum : sum.plus(new Report(List.of(), List.of(), delete(protection.get(), now)));
  }

  /**
   * Backups that are decided about together: the originals, or the copies in one store. Copies that
   * the policy no longer speaks of are in none of them, so they stay.
   */
  private record Judged(Optional<Copy> copy, Retention rules, ZoneId zone) {
    List<Backup> among(List<Backup> backups) {
      return copy.isPresent() ? Copies.of(backups, copy.get()) : Copies.originals(backups);
    }
  }

  private static List<Judged> judged(Protection protection) {
    List<Judged> judged = new ArrayList<>();
    judged.add(new Judged(Optional.empty(), protection.rules(), protection.zone()));
    for (Copy copy : protection.copies().values()) {
      judged.add(new Judged(Optional.of(copy), copy.retention(), protection.zone()));
    }
    return judged;
  }

  private List<Backup> expire(Sweep sweep, Instant now, Duration grace) {
    List<Backup> expired = new ArrayList<>();
    for (Backup backup : sweep.expiring()) {
      Backup gone = BackupLife.expired(backup, now, now.plus(grace));
      if (ports.catalogue().update(gone, BackupState.CREATED)) {
        expired.add(gone);
        tell(gone, "expired; it stays restorable until " + gone.deleteAfter().orElseThrow());
      }
    }
    return expired;
  }

  private List<Backup> comeBack(Sweep sweep) {
    List<Backup> back = new ArrayList<>();
    for (Decision decision : sweep.returning()) {
      if (ports.catalogue().update(decision.backup(), BackupState.EXPIRED)) {
        back.add(decision.backup());
        tell(decision.backup(), "is kept again: " + decision.why());
      }
    }
    return back;
  }

  private List<Backup> delete(Protection protection, Instant now) {
    List<Backup> deleted = new ArrayList<>();
    for (Backup backup : ports.catalogue().backups(protection.name())) {
      if (due(backup, now) && governed(protection, backup) && ports.holds().on(backup).isEmpty()) {
        try {
          if (new Deletion(ports).delete(backup)) {
            deleted.add(backup);
            if (backup.state() == BackupState.EXPIRED) {
              tell(backup, "deleted: its grace is over");
            }
          }
        } catch (DriverException e) {
          ports
              .journal()
              .tell(
                  Severity.WARNING,
                  backup.id(),
                  "is deleted, but its bytes can't be removed yet: " + e.getMessage());
        }
      }
    }
    return deleted;
  }

  /** Copies that the policy no longer speaks of stay, unless they never came to be. */
  private static boolean governed(Protection protection, Backup backup) {
    return backup.state() == BackupState.FAILED || Copies.rules(protection, backup).isPresent();
  }

  private static boolean due(Backup backup, Instant now) {
    return switch (backup.state()) {
      case EXPIRED -> backup.deleteAfter().filter(at -> !at.isAfter(now)).isPresent();
      // One that was found bad later may be all that somebody has: it goes by hand only.
      case FAILED ->
          !BackupLife.wasCreated(backup)
              && backup.finished().orElse(backup.time()).isBefore(now.minus(FAILED_SHOWN));
      case CREATING, CREATED, RESTORING, DELETED -> false;
    };
  }

  private void tell(Backup backup, String message) {
    ports.journal().tell(Severity.NOTE, backup.id(), message);
  }

  /**
   * What was done.
   *
   * @param expired now in their grace
   * @param back from their grace, because the rules keep them again
   * @param deleted as they were before
   */
  public record Report(List<Backup> expired, List<Backup> back, List<Backup> deleted) {
    public Report {
      expired = List.copyOf(expired);
      back = List.copyOf(back);
      deleted = List.copyOf(deleted);
    }

    Report plus(Report other) {
      return new Report(
          join(expired, other.expired), join(back, other.back), join(deleted, other.deleted));
    }

    private static List<Backup> join(List<Backup> one, List<Backup> other) {
      List<Backup> all = new ArrayList<>(one);
      all.addAll(other);
      return all;
    }
  }
}
