package io.keepset.plan;

import io.keepset.retention.Backup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a change would cost in existing backups. Compares two futures that begin with the backups of
 * today: one under the old rules, one under the new; backups that go in both are not its cost.
 *
 * <p>Copies are judged apart, those of each place by their own rules; in every list they come after
 * the originals.
 *
 * @param casualties wanted by the old rules today and no longer by the new ones; in order of time
 * @param sooner wanted by both today, but runs to come push it out sooner; in order of time
 * @param returning in their grace, and kept again by the new rules alone; in order of time
 * @param outOfReach backups that the change leaves where nobody looks for them any more, because
 *     their store lies elsewhere from then on; in order of time
 * @param staying backups that stay although nothing looks after them any more, because their
 *     database is no longer declared; in order of time
 * @param total how many restorable originals the database has now, casualties in their grace
 *     included
 * @param grace how long what expires stays restorable
 * @param before what can be restored today under the old rules
 * @param after what can be restored today under the new rules
 * @param effects what comes along besides, a sentence each
 */
public record Impact(
    List<Casualty> casualties,
    List<Casualty> sooner,
    List<Backup> returning,
    List<Backup> outOfReach,
    List<Backup> staying,
    int total,
    Duration grace,
    Span before,
    Span after,
    List<String> effects) {
  public static final Impact NONE =
      new Impact(
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          0,
          Duration.ZERO,
          Span.NONE,
          Span.NONE,
          List.of());

  public Impact {
    casualties = List.copyOf(casualties);
    sooner = List.copyOf(sooner);
    returning = List.copyOf(returning);
    outOfReach = List.copyOf(outOfReach);
    staying = List.copyOf(staying);
    effects = List.copyOf(effects);
  }

  /** The backups behind {@link #casualties}, oldest first. */
  public List<Backup> expiring() {
    List<Backup> backups = new ArrayList<>(casualties.size());
    for (Casualty casualty : casualties) {
      backups.add(casualty.backup());
    }
    return backups;
  }

  /** True if there is a backup that the old rules would have kept longer. */
  public boolean costs() {
    return !casualties.isEmpty() || !sooner.isEmpty() || !outOfReach.isEmpty();
  }

  /** The oldest backup that the new rules keep. */
  public Optional<Backup> oldestLeft() {
    return after.oldest();
  }

  /** Bytes in stores and on platforms that the expiring backups take; unknown sizes count as 0. */
  public long freedBytes() {
    return bytes(expiring());
  }

  /** Bytes that these take; unknown sizes count as 0. */
  static long bytes(List<Backup> backups) {
    long bytes = 0;
    for (Backup backup : backups) {
      bytes += backup.storedSize().orElse(backup.size().orElse(0));
    }
    return bytes;
  }

  /** The same, with what the change costs among copies; totals and spans stay the originals'. */
  Impact with(Impact copies) {
    return new Impact(
        joined(casualties, copies.casualties),
        joined(sooner, copies.sooner),
        joined(returning, copies.returning),
        outOfReach,
        staying,
        total,
        grace,
        before,
        after,
        effects);
  }

  /**
   * The same, with what the change costs besides if the restores of today have ended: nobody knows
   * when that is.
   */
  Impact or(Impact ended) {
    SortedMap<String, Casualty> going = byId(casualties);
    for (Casualty casualty : ended.casualties) {
      going.putIfAbsent(
          casualty.backup().id(),
          new Casualty(
              casualty.backup(),
              Onset.RESTORE_END,
              Optional.empty(),
              Optional.empty(),
              casualty.otherwise()));
    }
    SortedMap<String, Casualty> later = byId(sooner);
    byId(ended.sooner).forEach((id, casualty) -> later.merge(id, casualty, Impact::earlier));
    later.keySet().removeAll(going.keySet());
    return new Impact(
        inOrder(going),
        inOrder(later),
        returning,
        outOfReach,
        staying,
        total,
        grace,
        before,
        after,
        effects);
  }

  private static SortedMap<String, Casualty> byId(List<Casualty> casualties) {
    SortedMap<String, Casualty> byId = new TreeMap<>();
    casualties.forEach(casualty -> byId.put(casualty.backup().id(), casualty));
    return byId;
  }

  private static Casualty earlier(Casualty one, Casualty other) {
    Instant day = other.expires().orElse(Instant.MAX);
    return one.expires().orElse(Instant.MAX).isAfter(day) ? other : one;
  }

  private static List<Casualty> inOrder(SortedMap<String, Casualty> casualties) {
    List<Casualty> sorted = new ArrayList<>(casualties.values());
    sorted.sort(Comparator.comparing(casualty -> casualty.backup().time()));
    return sorted;
  }

  private static <T> List<T> joined(List<T> one, List<T> other) {
    List<T> all = new ArrayList<>(one);
    all.addAll(other);
    return all;
  }

  /** The same with these left behind. */
  Impact withOutOfReach(List<Backup> behind) {
    return new Impact(
        casualties, sooner, returning, behind, staying, total, grace, before, after, effects);
  }

  /** The same with these effects. */
  Impact withEffects(List<String> sentences) {
    return new Impact(
        casualties, sooner, returning, outOfReach, staying, total, grace, before, after, sentences);
  }
}
