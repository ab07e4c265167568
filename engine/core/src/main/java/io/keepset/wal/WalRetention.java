package io.keepset.wal;

import io.keepset.diagnostic.Severity;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.KeepSet;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.DriverException;
import io.keepset.spi.wal.BasePoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Lets go of log that no window needs, as backups are let go of: it expires, stays for the grace,
 * comes back if it is needed again, and only then is deleted. While the newest run of a database is
 * bad nothing of its log goes. A database without a protection keeps its log as it keeps its
 * backups, until it has no base backup any more.
 */
public final class WalRetention {
  /** Of log whose database has neither protection nor base backups. */
  private static final Duration LAST_GRACE = Duration.ofDays(3);

  private final RunnerPorts ports;
  private final WalCatalogue catalogue;

  public WalRetention(RunnerPorts ports, WalCatalogue catalogue) {
    this.ports = ports;
    this.catalogue = catalogue;
  }

  /**
   * Which files a window needs: the log from the start of the newest base backup that was complete
   * when it begins, or of the oldest there is.
   *
   * @param window how far back; empty needs nothing
   */
  public static List<WalFile> needed(
      Collection<WalFile> files,
      Collection<Backup> backups,
      SortedMap<String, Optional<BasePoint>> points,
      Optional<Duration> window,
      Instant now) {
    if (window.isEmpty()) {
      return List.of();
    }
    Instant begin = now.minus(window.get());
    RecoveryWindow.Base anchor = null;
    for (RecoveryWindow.Base base : bases(backups, points)) {
      if (Ways.passBy(files, base.point())) {
        continue; // no instant from then on can be restored on it
      }
      if (anchor == null || !base.finished().isAfter(begin)) {
        anchor = base;
      }
    }
    List<WalFile> needed = new ArrayList<>();
    for (WalFile file : files) {
      if (anchor == null || needs(anchor, file)) {
        needed.add(file);
      }
    }
    return needed;
  }

  /** Oldest first; those that retention keeps and that count. */
  private static List<RecoveryWindow.Base> bases(
      Collection<Backup> backups, SortedMap<String, Optional<BasePoint>> points) {
    List<RecoveryWindow.Base> bases = new ArrayList<>();
    for (Backup backup : backups) {
      boolean kept =
          backup.state() == BackupState.CREATED
              || (backup.state() == BackupState.RESTORING && backup.expiredAt().isEmpty());
      Optional<BasePoint> point = points.getOrDefault(backup.id(), Optional.empty());
      if (kept && !backup.suspicious() && backup.copyOf().isEmpty() && point.isPresent()) {
        bases.add(new RecoveryWindow.Base(backup, point.get()));
      }
    }
    bases.sort(java.util.Comparator.comparing(RecoveryWindow.Base::finished));
    return bases;
  }

  private static boolean needs(RecoveryWindow.Base anchor, WalFile file) {
    if (file.scan().isEmpty()) {
      return true; // histories are small, and replay asks for them
    }
    return file.systemId().equals(anchor.point().systemId())
        ? file.scan().get().end() > anchor.point().start()
        : file.archivedAt().isAfter(anchor.backup().time());
  }

  /** One pass over one database; its failures are told, not thrown. */
  public void pass(String database) {
    Instant now = ports.now();
    List<WalFile> files = catalogue.files(database);
    List<Backup> backups = ports.catalogue().backups(database);
    SortedMap<String, Optional<BasePoint>> points = catalogue.bases(database);
    Optional<Protection> protection = ports.catalogue().protection(database);
    if (files.isEmpty()
        || KeepSet.freeze(backups).isPresent()
        || (protection.isEmpty() && !bases(backups, points).isEmpty())
        || !known(backups, points)) {
      return;
    }
    // A busy server's window holds tens of thousands.
    Set<WalFile> needed =
        new HashSet<>(
            needed(files, backups, points, protection.flatMap(Protection::pointInTime), now));
    Duration grace = protection.map(Protection::grace).orElse(LAST_GRACE);
    int gone = 0;
    for (WalFile file : files) {
      gone += step(file, needed.contains(file), now, grace);
    }
    if (gone > 0) {
      ports
          .journal()
          .tell(Severity.NOTE, database, gone + " files of its log deleted: their grace is over");
    }
  }

  /** Whether it is known of each backup where it stands in the log. */
  private static boolean known(
      Collection<Backup> backups, SortedMap<String, Optional<BasePoint>> points) {
    return backups.stream()
        .filter(b -> b.state() == BackupState.CREATED && b.copyOf().isEmpty())
        .allMatch(b -> points.containsKey(b.id()));
  }

  /** What has changed since it was read waits for the next pass. */
  private int step(WalFile file, boolean needed, Instant now, Duration grace) {
    if (needed) {
      if (file.expiredAt().isPresent()) {
        catalogue.replace(file, file.keptAgain());
      }
    } else if (file.expiredAt().isEmpty()) {
      catalogue.replace(file, file.expiring(now, now.plus(grace)));
    } else if (!file.deleteAfter().orElse(now).isAfter(now)) {
      try {
        return new WalArchive(ports, catalogue).delete(file) ? 1 : 0;
      } catch (DriverException e) {
        ports
            .journal()
            .tell(
                Severity.WARNING,
                file.database(),
                file.name() + " of its log can't be removed yet: " + e.getMessage());
      }
    }
    return 0;
  }
}
