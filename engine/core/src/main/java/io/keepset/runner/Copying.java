package io.keepset.runner;

import io.keepset.diagnostic.Severity;
import io.keepset.policy.Copy;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the copies that policies ask for and that are missing, the newest first. A copy that fails
 * costs nobody anything: it is missing still, and tried again at the next call. At most one at a
 * time works on the copies of a database, on all nodes together; runs are not held up by it.
 */
public final class Copying {
  private final RunnerPorts ports;
  private final Places places;

  public Copying(RunnerPorts ports, Places places) {
    this.ports = ports;
    this.places = places;
  }

  /** All databases with a policy, one after the other. */
  public Report all() {
    Report sum = new Report(List.of(), List.of());
    Set<String> away = new HashSet<>();
    for (String database : ports.catalogue().protections().keySet()) {
      sum = sum.plus(of(database, away));
    }
    return sum;
  }

  /** What one database lacks. Trouble is told in the journal, and never thrown. */
  public Report of(String database) {
    return of(database, new HashSet<>());
  }

  /**
   * @param away stores that took nothing in this pass; they are not asked again
   */
  private Report of(String database, Set<String> away) {
    Optional<Protection> protection = ports.catalogue().protection(database);
    if (protection.isEmpty() || nothingToDo(protection.get())) {
      return new Report(List.of(), List.of());
    }
    Optional<Leases.Lease> taken = ports.leases().tryAcquire(Leases.copy(database));
    if (taken.isEmpty()) {
      return new Report(List.of(), List.of()); // somebody else is at it
    }
    try (Leases.Lease lease = taken.get()) {
      new Settlement(ports).ofCopies(database);
      Report sum = new Report(List.of(), List.of());
      for (Copy copy : protection.get().copies().values()) {
        if (!away.contains(copy.to())) {
          sum = sum.plus(of(protection.get(), copy, lease, away));
        }
      }
      return sum;
    }
  }

  private boolean nothingToDo(Protection protection) {
    return protection.copies().values().stream()
        .allMatch(copy -> missing(protection, copy).isEmpty());
  }

  private List<Backup> missing(Protection protection, Copy copy) {
    List<Backup> backups = ports.catalogue().backups(protection.name());
    return Copies.missing(backups, copy, protection.zone(), ports.now());
  }

  private Report of(Protection protection, Copy copy, Leases.Lease lease, Set<String> away) {
    List<Backup> made = new ArrayList<>();
    List<Backup> failed = new ArrayList<>();
    List<Backup> missing = missing(protection, copy);
    if (missing.isEmpty()) {
      return new Report(made, failed);
    }
    OpenStore target;
    try {
      target = ports.stores().open(copy.to());
      target.store().check();
    } catch (DriverException e) {
      tell(
          Severity.ERROR,
          protection.name(),
          "copy " + copy.name() + " to " + copy.to() + " can't be made now: " + e.getMessage());
      away.add(copy.to());
      return new Report(made, failed);
    }
    for (Backup original : missing) {
      Optional<Places.Place> place = places.take(copy.to());
      if (place.isEmpty() || !lease.held()) {
        break;
      }
      try (Places.Place ours = place.get()) {
        CopyRun run = new CopyRun(ports, target, lease);
        Backup copied = run.of(original, copy.name(), Progress.NONE);
        (copied.state() == BackupState.CREATED ? made : failed).add(copied);
        if (copied.state() != BackupState.CREATED && !run.originalIsAtFault()) {
          away.add(copy.to()); // it would refuse the next one too
          break;
        }
      } catch (DriverException e) {
        tell(Severity.ERROR, original.id(), "could not be copied: " + e.getMessage());
        break;
      }
    }
    return new Report(made, failed);
  }

  private void tell(Severity severity, String subject, String message) {
    ports.journal().tell(severity, subject, message);
  }

  /**
   * What was done.
   *
   * @param made copies that count now
   * @param failed copies that don't, each with its error
   */
  public record Report(List<Backup> made, List<Backup> failed) {
    public Report {
      made = List.copyOf(made);
      failed = List.copyOf(failed);
    }

    Report plus(Report other) {
      return new Report(join(made, other.made), join(failed, other.failed));
    }

    private static List<Backup> join(List<Backup> one, List<Backup> other) {
      List<Backup> all = new ArrayList<>(one);
      all.addAll(other);
      return all;
    }
  }
}
