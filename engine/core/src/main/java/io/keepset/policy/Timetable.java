package io.keepset.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The schedules of one policy, shared by all databases that change nothing about them, so that what
 * takes long to find out about them is found out once. Safe for several threads.
 */
final class Timetable {
  /** Two months without a change of summer time anywhere: no gap looks longer than it is. */
  private static final Instant FROM = Instant.parse("2027-01-04T00:00:00Z");

  private static final Duration SPAN = Duration.ofDays(63);
  private static final int MOST_RUNS = 5_000;

  private final SortedMap<String, Schedule> schedules;
  private final Map<String, Duration> intervals = new ConcurrentHashMap<>();
  private volatile @Nullable Duration longestGap;

  Timetable(SortedMap<String, Schedule> schedules) {
    this.schedules = Collections.unmodifiableSortedMap(schedules);
  }

  SortedMap<String, Schedule> schedules() {
    return schedules;
  }

  boolean isEmpty() {
    return schedules.isEmpty();
  }

  /** The longest time between two runs of one of the schedules. */
  Duration interval(Schedule schedule) {
    return intervals.computeIfAbsent(schedule.name(), name -> schedule.interval());
  }

  /** The longest time in which none of the schedules runs; zero if there is none. */
  Duration longestGap() {
    Duration known = longestGap;
    if (known == null) {
      known =
          switch (schedules.size()) {
            case 0 -> Duration.ZERO;
            case 1 -> interval(schedules.values().iterator().next());
            default -> longestGapOfAll();
          };
      longestGap = known;
    }
    return known;
  }

  private Duration longestGapOfAll() {
    Duration longest = Duration.ZERO;
    Map<String, Instant> next = new HashMap<>();
    schedules.forEach((name, schedule) -> next.put(name, next(schedule, FROM)));
    Instant last = Collections.min(next.values());
    for (int run = 0; run < MOST_RUNS && last.isBefore(FROM.plus(SPAN)); run++) {
      Instant now = last;
      next.replaceAll((name, at) -> at.isAfter(now) ? at : next(schedules.get(name), now));
      last = Collections.min(next.values());
      Duration gap = Duration.between(now, last);
      longest = gap.compareTo(longest) > 0 ? gap : longest;
    }
    return longest;
  }

  private static Instant next(@Nullable Schedule schedule, Instant after) {
    if (schedule == null) {
      throw new IllegalStateException("a schedule left the timetable");
    }
    return schedule.cron().next(after, schedule.zone());
  }
}
