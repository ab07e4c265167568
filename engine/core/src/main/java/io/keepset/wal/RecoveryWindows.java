package io.keepset.wal;

import io.keepset.retention.Backup;
import io.keepset.spi.wal.BasePoint;
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
   * @param coveredUntil everything committed until then is in the archive
   */
  public static List<RecoveryWindow> of(
      Collection<Backup> backups,
      SortedMap<String, Optional<BasePoint>> points,
      Collection<WalFile> files,
      Optional<Instant> coveredUntil) {
    List<List<WalFile>> stretches = stretches(files);
    List<RecoveryWindow> windows = new ArrayList<>();
    for (int i = 0; i < stretches.size(); i++) {
      boolean newest = i == stretches.size() - 1;
      window(stretches.get(i), backups, points, newest ? coveredUntil : Optional.empty())
          .ifPresent(windows::add);
    }
    return windows;
  }

  /**
   * Segments that follow each other, oldest first. A stretch ends where one is missing, where one
   * was not finished, and with its cluster. Of two with the same number on different timelines the
   * newer counts: that is where replay goes; and from where a newer timeline begins on, the older
   * ones count no more.
   */
  public static List<List<WalFile>> stretches(Collection<WalFile> files) {
    SortedMap<String, TreeMap<Long, WalFile>> clusters = new TreeMap<>();
    for (WalFile file : files) {
      if (file.scan().isPresent()) {
        clusters
            .computeIfAbsent(file.systemId(), id -> new TreeMap<>())
            .merge(file.number(), file, (one, other) -> newer(one, other));
      }
    }
    List<List<WalFile>> stretches = new ArrayList<>();
    for (TreeMap<Long, WalFile> cluster : clusters.values()) {
      List<WalFile> stretch = new ArrayList<>();
      for (WalFile file : ofItsTimeline(cluster.values())) {
        WalFile last = stretch.isEmpty() ? null : stretch.get(stretch.size() - 1);
        if (last != null && !follows(last, file, files)) {
          stretches.add(stretch);
          stretch = new ArrayList<>();
        }
        stretch.add(file);
      }
      stretches.add(stretch);
    }
    stretches.sort(Comparator.comparing((List<WalFile> s) -> s.get(s.size() - 1).archivedAt()));
    return stretches;
  }

  private static boolean follows(WalFile last, WalFile file, Collection<WalFile> all) {
    if (!last.full() || last.number() + 1 != file.number()) {
      return false;
    }
    // Where a timeline begins its segment has pages of the older one. If it has none, and the older
    // one was still written then, the new one began earlier, in a segment that is not here.
    return last.timeline() == file.timeline()
        || file.scan().orElseThrow().timeline() < file.timeline()
        || all.stream()
            .filter(f -> f.systemId().equals(file.systemId()) && f.scan().isPresent())
            .noneMatch(f -> f.timeline() < file.timeline() && f.number() >= file.number());
  }

  /** Without what an older timeline wrote after a newer one began. */
  private static List<WalFile> ofItsTimeline(Collection<WalFile> cluster) {
    List<WalFile> left = new ArrayList<>();
    int newest = 0;
    for (WalFile file : cluster) {
      newest = Math.max(newest, file.timeline());
      if (file.timeline() == newest) {
        left.add(file);
      }
    }
    return left;
  }

  private static WalFile newer(WalFile one, WalFile other) {
    return one.timeline() > other.timeline() ? one : other;
  }

  private static Optional<RecoveryWindow> window(
      List<WalFile> stretch,
      Collection<Backup> backups,
      SortedMap<String, Optional<BasePoint>> points,
      Optional<Instant> coveredUntil) {
    WalFile first = stretch.get(0);
    long begin = first.scan().orElseThrow().start();
    long end = stretch.get(stretch.size() - 1).scan().orElseThrow().end();
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
          && onItsWay(point.get(), stretch)) {
        bases.add(new RecoveryWindow.Base(backup, point.get()));
      }
    }
    if (bases.isEmpty()) {
      return Optional.empty();
    }
    bases.sort(Comparator.comparing(RecoveryWindow.Base::complete));
    Instant from = bases.get(0).complete();
    Instant until =
        stretch.stream()
            .flatMap(file -> file.scan().stream())
            .flatMap(scan -> scan.lastCommit().stream())
            .max(Comparator.naturalOrder())
            .filter(from::isBefore)
            .orElse(from);
    if (coveredUntil.isPresent() && coveredUntil.get().isAfter(until)) {
      until = coveredUntil.get();
    }
    return Optional.of(new RecoveryWindow(bases, stretch, from, until));
  }

  /** Whether the log behind a base backup is its own, and not that of another timeline. */
  private static boolean onItsWay(BasePoint point, List<WalFile> stretch) {
    WalFile at = stretch.get(0);
    for (WalFile file : stretch) {
      at = file.scan().orElseThrow().start() < point.stop() ? file : at;
    }
    // The segment in which a timeline begins has pages of both.
    return at.scan().orElseThrow().timeline() <= point.timeline()
        && point.timeline() <= at.timeline();
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
  public record Gap(WalFile before, WalFile after) {}
}
