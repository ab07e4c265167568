package io.keepset.retention;

import io.keepset.policy.Schedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/**
 * Times at which schedules would run, without jitter, some of them missed. Which ones follows from
 * the seed and the time of the run alone: a longer span misses the same runs and more.
 *
 * @param miss part of the runs that do not happen, from 0 to 1
 */
public record MadeUpRuns(Collection<Schedule> schedules, double miss, long seed) {
  public MadeUpRuns {
    schedules = List.copyOf(schedules);
  }

  /**
   * All runs strictly after one moment and up to another, in order.
   *
   * @return empty if there are more than so many
   */
  public Optional<List<Instant>> between(Instant after, Instant until, int most) {
    List<Instant> runs = new ArrayList<>();
    int due = 0;
    for (Optional<Instant> next = next(after); next.isPresent(); next = next(next.get())) {
      if (next.get().isAfter(until)) {
        break;
      }
      if (++due > most) {
        return Optional.empty();
      }
      if (!missed(next.get())) {
        runs.add(next.get());
      }
    }
    return Optional.of(runs);
  }

  /** The backup that such a run makes. */
  public static Backup backup(Instant run, OptionalLong size) {
    return Backups.scheduled(run.toString(), "", run, size);
  }

  private Optional<Instant> next(Instant after) {
    return schedules.stream()
        .map(schedule -> schedule.cron().next(after, schedule.zone()))
        .min(Comparator.naturalOrder());
  }

  private boolean missed(Instant run) {
    return miss > 0 && new Random(spread(seed) ^ spread(run.getEpochSecond())).nextDouble() < miss;
  }

  private static long spread(long value) {
    long bits = value * 0x9E3779B97F4A7C15L;
    return bits ^ (bits >>> 29);
  }
}
