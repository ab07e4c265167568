package io.keepset.app.schedule;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Severity;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.runner.Copying;
import io.keepset.runner.Expiry;
import io.keepset.runner.Recovery;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations;
import io.keepset.spi.Verdict;
import io.keepset.watch.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What the runner does without being asked, beside its schedules. */
public final class Chores {
  /** Longer than any run: an unfinished write of that age belongs to nobody. */
  public static final Duration LEFTOVER_AGE = Duration.ofDays(2);

  /** How old a verification may get where no objective says so. */
  private static final Duration VERIFIED_WITHIN = Watch.VERIFIED_WITHIN;

  private final RunnerPorts ports;
  private final BackupOperations operations;
  private final StoreOperations stores;
  private final Copying copying;
  private final Supplier<Set<String>> failing;

  /**
   * @param failing the stores of which the last comparison told something wrong
   */
  public Chores(
      RunnerPorts ports,
      BackupOperations operations,
      StoreOperations stores,
      Copying copying,
      Supplier<Set<String>> failing) {
    this.ports = ports;
    this.operations = operations;
    this.stores = stores;
    this.copying = copying;
    this.failing = failing;
  }

  public List<Chore> all() {
    return List.of(
        new Chore("retention", Duration.ofHours(1), () -> new Expiry(ports).all()),
        new Chore(
            "recovery", Duration.ofMinutes(15), () -> new Recovery(ports, LEFTOVER_AGE).run()),
        new Chore("copy", Duration.ofMinutes(15), copying::all),
        new Chore("verify", Duration.ofDays(1), this::verify),
        new Chore("stores", Duration.ofDays(1), this::compareStores),
        new Chore("failing-stores", Duration.ofHours(1), this::compareFailing));
  }

  /** Is every backup that the catalogue knows where it should be? Lists, but reads no data. */
  void compareStores() {
    compare(name -> true);
  }

  /** So that what was mended is not told for a day. */
  void compareFailing() {
    compare(failing.get()::contains);
  }

  private void compare(Predicate<String> wanted) {
    try {
      for (String store : stores.names()) {
        if (wanted.test(store)) {
          compare(store);
        }
      }
    } catch (DriverException e) {
      ports.journal().tell(Severity.ERROR, "stores", "could not be compared: " + e.getMessage());
    }
  }

  private void compare(String store) {
    try {
      for (Diagnostic finding : stores.check(store, false, Progress.NONE).findings()) {
        ports.journal().tell(finding.severity(), store, finding.message());
      }
    } catch (DriverException e) {
      ports.journal().tell(Severity.ERROR, store, "could not be checked: " + e.getMessage());
    }
  }

  /**
   * Reads back, of each database, the backup that has waited longest, if it is due, and of each of
   * its copies too. One a day is little work and still gets around all that a retention usually
   * keeps in a month or two.
   */
  void verify() {
    for (Protection protection : ports.catalogue().protections().values()) {
      Duration within = protection.objective().verifiedWithin().orElse(VERIFIED_WITHIN);
      // Before the promise is broken, not after.
      Instant due = ports.clock().instant().minus(within.multipliedBy(3).dividedBy(4));
      List<Backup> backups = ports.catalogue().backups(protection.name());
      verifyOldest(Copies.originals(backups), due);
      Copies.groups(backups).values().forEach(copies -> verifyOldest(copies, due));
    }
  }

  private void verifyOldest(List<Backup> backups, Instant due) {
    Optional<Backup> oldest =
        backups.stream()
            .filter(b -> b.state() == BackupState.CREATED)
            .filter(b -> b.verifiedAt().orElse(Instant.MIN).isBefore(due))
            .min(Comparator.comparing(b -> b.verifiedAt().orElse(Instant.MIN)));
    oldest.ifPresent(this::verify);
  }

  private void verify(Backup backup) {
    try {
      Verdict verdict = operations.verify(backup.id(), Progress.NONE);
      if (!verdict.good()) {
        tell(backup, "is damaged: " + String.join("; ", verdict.findings()));
      }
    } catch (DriverException e) {
      tell(backup, "could not be verified: " + e.getMessage());
    }
  }

  private void tell(Backup backup, String message) {
    ports.journal().tell(Severity.ERROR, backup.id(), message);
  }
}
