package io.keepset.wal;

import io.keepset.retention.Backup;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.Lsn;
import io.keepset.spi.wal.WalTarget;
import io.keepset.spi.wal.WriteAheadLog;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Restores a database to a point in time: a base backup, and the settings that make the server
 * replay the log up to the target when it is started on it. What can say no is asked before a byte
 * is written.
 */
public final class PointInTime {
  private final RunnerPorts ports;
  private final WalCatalogue catalogue;
  private final BackupOperations backups;
  private final Fetching fetching;

  /** How a server that replays calls us. */
  @FunctionalInterface
  public interface Fetching {
    /** A command for the shell that brings file {@code %f} to {@code %p}. */
    String command(String database, String systemId);
  }

  public PointInTime(
      RunnerPorts ports, WalCatalogue catalogue, BackupOperations backups, Fetching fetching) {
    this.ports = ports;
    this.catalogue = catalogue;
    this.backups = backups;
    this.fetching = fetching;
  }

  /** What a restore will do. */
  public record Way(RecoveryWindow.Base base, WalTarget target, RecoveryWindow window) {
    List<WalFile> log() {
      return window.files();
    }
  }

  /** The windows of a database, oldest first. */
  public List<RecoveryWindow> windows(String database) throws DriverException {
    SortedMap<String, Optional<BasePoint>> points = new Bases(ports, catalogue).of(database);
    return RecoveryWindows.of(
        ports.catalogue().backups(database),
        points,
        catalogue.files(database),
        catalogue.status(database).flatMap(WalStatus::covered));
  }

  /**
   * How to get there.
   *
   * @throws DriverException REJECTED with the windows there are if the target is in none of them
   */
  public Way way(String database, WalTarget wanted) throws DriverException {
    List<RecoveryWindow> windows = windows(database);
    if (windows.isEmpty()) {
      throw new DriverException(
          Kind.REJECTED,
          database
              + " can't be restored to a point in time: there is no base backup with its log yet;"
              + " give it point_in_time, and make one: keepset backup create "
              + database);
    }
    List<WalFile> files = catalogue.files(database);
    for (int i = windows.size() - 1; i >= 0; i--) {
      Optional<Way> way = way(windows.get(i), wanted);
      if (way.isPresent()) {
        refuse(database, wanted, abandoned(windows.get(i), files).inside(wanted));
        return way.get();
      }
    }
    for (RecoveryWindow window : windows) {
      refuse(database, wanted, abandoned(window, files).outside(wanted));
    }
    throw new DriverException(
        Kind.REJECTED,
        outside(database, wanted, windows)
            + newest(RecoveryWindows.gaps(files)).map(gap -> "; " + gap.told()).orElse(""));
  }

  private static Optional<RecoveryWindows.Gap> newest(List<RecoveryWindows.Gap> gaps) {
    return gaps.isEmpty() ? Optional.empty() : Optional.of(gaps.get(gaps.size() - 1));
  }

  private Abandoned abandoned(RecoveryWindow window, List<WalFile> files) {
    return new Abandoned(
        window,
        files,
        (file, from) ->
            new WalArchive(ports, catalogue).scan(file, log(window.bases().get(0).backup()), from));
  }

  private WriteAheadLog log(Backup base) throws DriverException {
    return ports
        .engine(base.engine())
        .writeAheadLog()
        .orElseThrow(() -> new DriverException(Kind.REJECTED, base.engine() + " has no log"));
  }

  private static void refuse(String database, WalTarget wanted, Optional<String> why)
      throws DriverException {
    if (why.isPresent()) {
      throw new DriverException(
          Kind.REJECTED, database + " can't be restored to " + wanted.value() + ": " + why.get());
    }
  }

  private static Optional<Way> way(RecoveryWindow window, WalTarget wanted) {
    if (wanted instanceof WalTarget.Time time && window.holds(time.at())) {
      return window.before(time.at()).map(base -> toTime(window, base, time));
    }
    if (wanted instanceof WalTarget.Position position && reaches(window, position.lsn())) {
      // Behind the beginning of the last record a server would look for one that never comes, and
      // not open: "recovery ended before configured recovery target was reached".
      boolean begins = position.lsn() <= last(window);
      return window
          .before(position.lsn())
          .map(base -> begins ? new Way(base, position, window) : toEnd(window, base));
    }
    if (wanted instanceof WalTarget.Name name) {
      Long at = marks(window).get(name.name());
      if (at != null) {
        return window.before(at).map(base -> new Way(base, name, window));
      }
    }
    if (wanted instanceof WalTarget.Consistent) {
      RecoveryWindow.Base newest = window.bases().get(window.bases().size() - 1);
      return Optional.of(new Way(newest, wanted, window));
    }
    return Optional.empty();
  }

  /**
   * A server that looks for a time wants to see a later commit; where there is none, the end of the
   * log as it is now is what that time looked like.
   */
  private static Way toTime(RecoveryWindow window, RecoveryWindow.Base base, WalTarget.Time time) {
    boolean later =
        window.files().stream()
            .flatMap(file -> file.scan().stream())
            .filter(scan -> scan.end() > base.point().stop())
            .flatMap(scan -> scan.lastCommit().stream())
            .anyMatch(time.at()::isBefore);
    if (later) {
      return new Way(base, time, window);
    }
    return toEnd(window, base);
  }

  /** All that there is of the log. */
  private static Way toEnd(RecoveryWindow window, RecoveryWindow.Base base) {
    long last = last(window);
    WalTarget target =
        last >= base.point().stop() ? new WalTarget.Position(last) : new WalTarget.Consistent();
    return new Way(base, target, window);
  }

  /** Where the last whole record of a stretch begins. */
  private static long last(RecoveryWindow window) {
    return window.files().stream()
        .flatMap(file -> file.scan().stream())
        .flatMap(scan -> scan.lastRecord().stream())
        .reduce(0L, Math::max);
  }

  /** Where the last whole record of a stretch ends: right behind a commit is a position too. */
  private static long end(RecoveryWindow window) {
    return window.files().stream()
        .flatMap(file -> file.scan().stream())
        .map(scan -> scan.end())
        .reduce(0L, Math::max);
  }

  /** Whether all that was written before a position lies in a stretch. */
  private static boolean reaches(RecoveryWindow window, long position) {
    int segmentSize = window.bases().get(0).point().segmentSize();
    return Lsn.endOfRecords(position, segmentSize) <= end(window);
  }

  private static SortedMap<String, Long> marks(RecoveryWindow window) {
    TreeMap<String, Long> marks = new TreeMap<>();
    for (WalFile file : window.files()) {
      file.scan().ifPresent(scan -> scan.marks().forEach(marks::put));
    }
    return marks;
  }

  private static String outside(String database, WalTarget wanted, List<RecoveryWindow> windows) {
    List<String> there = new ArrayList<>();
    SortedMap<String, Long> marks = new TreeMap<>();
    for (RecoveryWindow window : windows) {
      there.add(
          wanted instanceof WalTarget.Position
              ? Lsn.format(window.bases().get(0).point().stop()) + " to " + Lsn.format(end(window))
              : window.from() + " to " + window.until());
      marks.putAll(marks(window));
    }
    String named =
        marks.isEmpty()
            ? "; there are no named restore points"
            : "; named restore points: " + String.join(", ", marks.keySet());
    return database
        + " can't be restored to "
        + wanted.value()
        + ": restorable is "
        + String.join(", and ", there)
        + (wanted instanceof WalTarget.Name ? named : "");
  }

  /**
   * Restores into a new data directory; whoever wants to see the data starts a server on it.
   *
   * @param directory absolute; not there yet, or empty
   */
  public RestoreReport restore(
      String database,
      WalTarget wanted,
      Path directory,
      WalOperations.Delivery delivery,
      Progress progress)
      throws DriverException {
    Way way = way(database, wanted);
    Backup base = way.base().backup();
    WriteAheadLog log = log(base);
    RestoreReport restored =
        backups.restore(
            base.id(),
            new RestoreRequest(RestoreRequest.Mode.NEW, Optional.of(directory.toString())),
            progress);
    List<String> notes = new ArrayList<>();
    notes.add(
        "from base backup "
            + base.id()
            + "; when it is started it replays the log up to "
            + wanted.value()
            + " and then opens for writing");
    try {
      notes.addAll(prepare(database, way, log, directory, delivery));
    } catch (DriverException e) {
      throw unfinished(e.kind(), e, base, directory);
    } catch (RuntimeException e) {
      throw unfinished(Kind.TRANSIENT, e, base, directory);
    }
    notes.addAll(restored.notes());
    return new RestoreReport(restored.target(), notes);
  }

  /** Returns what whoever starts the server has to know of its log. */
  private List<String> prepare(
      String database, Way way, WriteAheadLog log, Path directory, WalOperations.Delivery delivery)
      throws DriverException {
    BasePoint base = way.base().point();
    int timeline = way.window().history().timeline();
    return switch (delivery) {
      case FETCHED -> {
        String command = fetching.command(database, base.systemId());
        log.prepare(directory, base, timeline, way.target(), command);
        yield List.of();
      }
      case BESIDE -> {
        int files = new LogBeside(new WalArchive(ports, catalogue)).lay(way, catalogue, directory);
        log.prepare(directory, base, timeline, way.target(), LogBeside.COMMAND);
        yield List.of(
            files
                + " files of the log lie in its directory "
                + LogBeside.NAME
                + "; remove that when the server has opened");
      }
    };
  }

  /** A server would open on it, with data of another time. */
  private static DriverException unfinished(Kind kind, Exception why, Backup base, Path directory) {
    return new DriverException(
        kind,
        why.getMessage()
            + "; "
            + directory
            + " holds base backup "
            + base.id()
            + " without all of the log: start no server on it, remove it and restore again",
        why);
  }

  /** When the newest stretch can be restored to, for those who only want to know. */
  public static Optional<Span> span(List<RecoveryWindow> windows) {
    return windows.isEmpty()
        ? Optional.empty()
        : Optional.of(new Span(windows.get(0).from(), windows.get(windows.size() - 1).until()));
  }

  /** Oldest and newest restorable instant. */
  public record Span(Instant oldest, Instant newest) {}
}
