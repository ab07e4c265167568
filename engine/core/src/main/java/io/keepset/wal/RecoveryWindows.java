package io.keepset.wal;

import io.keepset.retention.Backup;
import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.TimelineHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds out, from what is in the archive, which instants can be restored. Pure; n log n. */
public final class RecoveryWindows {
  private RecoveryWindows() {}

  /**
   * The unbroken stretches of the log, oldest first; those that no base backup fits are left out.
   *
   * @param covered how far the archive is known to be complete
   */
  public static List<RecoveryWindow> of(
      Collection<Backup> backups,
      SortedMap<String, Optional<BasePoint>> points,
      Collection<WalFile> files,
      Optional<WalStatus.Covered> covered) {
    List<Stretch> stretches = along(files);
    List<RecoveryWindow> windows = new ArrayList<>();
    for (int i = 0; i < stretches.size(); i++) {
      boolean newest = i == stretches.size() - 1;
      window(stretches.get(i), backups, points, newest ? covered : Optional.empty())
          .ifPresent(windows::add);
    }
    return windows;
  }

  /**
   * Segments that follow each other, oldest first. A stretch ends where one is missing, where one
   * was not finished, and with its cluster. What a timeline wrote after the server left it is in
   * none: replay does not come by it.
   */
  public static List<List<WalFile>> stretches(Collection<WalFile> files) {
    return along(files).stream().map(Stretch::files).toList();
  }

  /**
   * @param history of the timeline that it is on the way to
   */
  private record Stretch(TimelineHistory history, List<WalFile> files) {
    WalFile last() {
      return files.get(files.size() - 1);
    }
  }

  private static List<Stretch> along(Collection<WalFile> files) {
    SortedMap<String, List<WalFile>> clusters = new TreeMap<>();
    for (WalFile file : files) {
      clusters.computeIfAbsent(file.systemId(), id -> new ArrayList<>()).add(file);
    }
    List<Stretch> stretches = new ArrayList<>();
    for (List<WalFile> cluster : clusters.values()) {
      for (Ways.Way way : Ways.of(cluster)) {
        List<WalFile> stretch = new ArrayList<>();
        for (WalFile file : way.files()) {
          WalFile last = stretch.isEmpty() ? null : stretch.get(stretch.size() - 1);
          if (last != null && (!last.full() || last.number() + 1 != file.number())) {
            stretches.add(new Stretch(way.history(), stretch));
            stretch = new ArrayList<>();
          }
          stretch.add(file);
        }
        stretches.add(new Stretch(way.history(), stretch));
      }
    }
    stretches.sort(Comparator.comparing(stretch -> stretch.last().archivedAt()));
    return stretches;
  }

  private static Optional<RecoveryWindow> window(
      Stretch way,
      Collection<Backup> backups,
      SortedMap<String, Optional<BasePoint>> points,
      Optional<WalStatus.Covered> covered) {
    List<WalFile> stretch = way.files();
    WalFile first = stretch.get(0);
    long begin = first.scan().orElseThrow().start();
    long end = way.last().scan().orElseThrow().end();
    List<RecoveryWindow.Base> bases = new ArrayList<>();
    for (Backup backup : backups) {
      Optional<BasePoint> point = points.getOrDefault(backup.id(), Optional.empty());
      boolean there =
          switch (backup.state()) {
            case CREATED, RESTORING, EXPIRED -> backup.copyOf().isEmpty();
            case CREATING, FAILED, DELETED -> false;
          };
      // A base backup brings the log up to where it is consistent; from there on it needs ours.
      if (there
          && point.isPresent()
          && point.get().systemId().equals(first.systemId())
          && point.get().stop() >= begin
          && point.get().stop() <= end
          && way.history().holds(point.get().timeline(), point.get().stop())) {
        bases.add(new RecoveryWindow.Base(backup, point.get()));
      }
    }
    if (bases.isEmpty()) {
      return Optional.empty();
    }
    bases.sort(Comparator.comparing(base -> base.point().stop()));
    Instant from =
        bases.stream()
            .map(RecoveryWindow.Base::complete)
            .min(Comparator.naturalOrder())
            .orElseThrow();
    Instant until =
        stretch.stream()
            .flatMap(file -> file.scan().stream())
            .flatMap(scan -> scan.lastCommit().stream())
            .max(Comparator.naturalOrder())
            .filter(from::isBefore)
            .orElse(from);
    boolean complete =
        covered
            .filter(c -> c.systemId().equals(first.systemId()))
            .filter(c -> c.timeline() == way.last().timeline())
            .filter(c -> c.timeline() == way.history().timeline())
            .isPresent();
    if (complete && covered.get().until().isAfter(until)) {
      until = covered.get().until();
    }
    return Optional.of(new RecoveryWindow(way.history(), bases, stretch, from, until));
  }

  /**
   * Gaps between stretches of one cluster: each as the last segment before and the first behind.
   */
  public static List<Gap> gaps(Collection<WalFile> files) {
    List<Gap> gaps = new ArrayList<>();
    WalFile last = null;
    for (List<WalFile> stretch : stretches(files)) {
      WalFile first = stretch.get(0);
      if (last != null && last.systemId().equals(first.systemId())) {
        gaps.add(new Gap(last, first));
      }
      last = stretch.get(stretch.size() - 1);
    }
    return gaps;
  }

  /** Log that nobody has. */
  public record Gap(WalFile before, WalFile after) {
    /** Which log is missing, and when it would have come. */
    String told() {
      return "log is missing between "
          + before.name()
          + " ("
          + before.archivedAt()
          + ") and "
          + after.name()
          + " ("
          + after.archivedAt()
          + ")";
    }
  }
}
