package io.keepset.wal;

import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.TimelineHistory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The ways that a server's log went: which segments, of which timelines, lead to the newest
 * timeline. What another timeline wrote after it was left is on no way. Where a timeline was left
 * stands in the histories; a timeline whose history is not here is taken for one that nothing leads
 * to.
 */
final class Ways {
  private Ways() {}

  /**
   * One way.
   *
   * @param history of the timeline that it leads to
   * @param files segments in the order of the log, one for each number; some may be missing
   */
  record Way(TimelineHistory history, List<WalFile> files) {}

  /**
   * Of one cluster: the way to its newest timeline last, before it those that nothing is known to
   * lead on from.
   */
  static List<Way> of(Collection<WalFile> cluster) {
    SortedMap<Integer, TimelineHistory> histories = new TreeMap<>();
    TreeSet<Integer> left = new TreeSet<>();
    for (WalFile file : cluster) {
      file.history().ifPresent(history -> histories.put(history.timeline(), history));
      file.scan().ifPresent(scan -> left.add(file.timeline()));
    }
    left.addAll(histories.keySet());
    List<Way> ways = new ArrayList<>();
    while (!left.isEmpty()) {
      int timeline = left.last();
      TimelineHistory history = histories.getOrDefault(timeline, TimelineHistory.alone(timeline));
      List<WalFile> files = files(cluster, history);
      if (!files.isEmpty()) {
        ways.add(0, new Way(history, files));
      }
      left.remove(timeline);
      if (!history.forks().isEmpty()) {
        // Whatever else branched off where this way begins was left for good.
        left.tailSet(history.forks().get(0).timeline(), true).clear();
      }
    }
    return ways;
  }

  /** Whether a base backup lies on a timeline behind where the server left that. */
  static boolean passBy(Collection<WalFile> files, BasePoint base) {
    return files.stream()
        .filter(file -> file.systemId().equals(base.systemId()))
        .flatMap(file -> file.history().stream())
        .max(Comparator.comparing(TimelineHistory::timeline))
        .flatMap(history -> history.left(base.timeline()))
        .filter(left -> base.stop() > left)
        .isPresent();
  }

  /** Of several timelines that have a segment the newest: it begins with what the older wrote. */
  private static List<WalFile> files(Collection<WalFile> cluster, TimelineHistory history) {
    TreeMap<Long, WalFile> way = new TreeMap<>();
    for (WalFile file : cluster) {
      if (file.scan().isPresent()
          && history.holds(file.timeline(), file.scan().orElseThrow().end())) {
        way.merge(
            file.number(), file, (one, other) -> one.timeline() > other.timeline() ? one : other);
      }
    }
    return List.copyOf(way.values());
  }
}
