package io.keepset.runner;

import io.keepset.diagnostic.Severity;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.spi.DriverException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts right what processes left behind that died: unfinished runs, restores and deletions, and
 * unfinished writes in the stores. Run at start and now and then; harmless at any time, since it
 * touches nothing that somebody alive holds a lease on. Its cost follows what is unfinished, not
 * how many backups there are.
 */
public final class Recovery {
  private final RunnerPorts ports;
  private final Duration leftoverAge;

  /**
   * @param leftoverAge how old an unfinished write must be before it counts as dead: zero if no
   *     other process can write to these stores now, otherwise longer than the longest run
   */
  public Recovery(RunnerPorts ports, Duration leftoverAge) {
    this.ports = ports;
    this.leftoverAge = leftoverAge;
  }

  /**
   * What the catalogue knows to be unfinished. Stores are only asked where there is something: with
   * nothing to do this costs three queries.
   */
  public Report run() {
    List<Backup> runs = ports.catalogue().inState(EnumSet.of(BackupState.CREATING));
    Set<String> stores = new TreeSet<>();
    runs.forEach(entry -> entry.store().ifPresent(stores::add));
    // First: once its entry is settled nobody would look for what a run left unwritten.
    int leftovers = leftovers(stores);
    int created = 0;
    int failed = 0;
    for (Backup entry : runs) {
      BackupState settled = run(entry);
      created += settled == BackupState.CREATED ? 1 : 0;
      failed += settled == BackupState.FAILED ? 1 : 0;
    }
    return new Report(created, failed, restores(), deletions(), leftovers);
  }

  /** The same, and unfinished writes in all stores: for the start of a server. */
  public Report thorough() {
    int leftovers = leftovers(ports.stores().names());
    Report report = run();
    return new Report(
        report.created(),
        report.failed(),
        report.restores(),
        report.deletions(),
        report.leftovers() + leftovers);
  }

  private BackupState run(Backup entry) {
    Optional<Leases.Lease> lease = ports.leases().tryAcquire(Leases.making(entry));
    if (lease.isEmpty()) {
      return entry.state(); // somebody works on it
    }
    try (Leases.Lease held = lease.get()) {
      // It may have come to its end between the listing and the lease.
      Optional<Backup> now = ports.catalogue().find(entry.id());
      return now.isPresent() && now.get().state() == BackupState.CREATING
          ? new Settlement(ports).of(now.get()).state()
          : BackupState.CREATING;
    }
  }

  private int restores() {
    int ended = 0;
    for (Backup entry : ports.catalogue().inState(EnumSet.of(BackupState.RESTORING))) {
      Optional<Leases.Lease> lease = ports.leases().tryAcquire(Leases.restore(entry.id()));
      if (lease.isPresent()) {
        try (Leases.Lease held = lease.get()) {
          if (ports.catalogue().update(entry.settled(), BackupState.RESTORING)) {
            ended++;
            tell(
                Severity.WARNING,
                entry.id(),
                "the restore from it was interrupted; " + advice(entry));
          }
        }
      }
    }
    return ended;
  }

  private String advice(Backup entry) {
    try {
      return ports.engine(entry.engine()).afterKilledRestore();
    } catch (DriverException e) {
      return "this Keepset does not know its engine " + entry.engine();
    }
  }

  private int deletions() {
    int finished = 0;
    for (Backup entry : ports.catalogue().deleting()) {
      try {
        new Deletion(ports).finish(entry);
        finished++;
      } catch (DriverException e) {
        tell(
            Severity.WARNING,
            entry.id(),
            "is deleted, but its bytes can't be removed yet: " + e.getMessage());
      }
    }
    return finished;
  }

  private int leftovers(Set<String> stores) {
    int removed = 0;
    for (String name : stores) {
      try {
        removed += ports.stores().open(name).store().cleanLeftovers(ports.now().minus(leftoverAge));
      } catch (DriverException e) {
        tell(
            Severity.WARNING,
            name,
            "left-overs of unfinished writes can't be removed yet: " + e.getMessage());
      }
    }
    return removed;
  }

  private void tell(Severity severity, String subject, String message) {
    ports.journal().tell(severity, subject, message);
  }

  /**
   * What was found and put right.
   *
   * @param created runs that had been complete
   * @param failed runs that had not
   * @param restores that had been interrupted
   * @param deletions that were brought to their end
   * @param leftovers unfinished writes removed from stores
   */
  public record Report(int created, int failed, int restores, int deletions, int leftovers) {
    public boolean any() {
      return created + failed + restores + deletions + leftovers > 0;
    }

    /** For people; what did not happen is left out. */
    public String describe() {
      List<String> parts = new ArrayList<>();
      say(parts, "backups that were whole", created);
      say(parts, "runs that were not", failed);
      say(parts, "restores broken off", restores);
      say(parts, "deletions brought to their end", deletions);
      say(parts, "unfinished writes removed", leftovers);
      return String.join(", ", parts);
    }

    private static void say(List<String> parts, String what, int count) {
      if (count > 0) {
        parts.add(what + ": " + count);
      }
    }
  }
}
