package io.keepset.app.watch;

import io.keepset.app.schedule.Alarms;
import io.keepset.app.state.ScheduleClock;
import io.keepset.policy.Protection;
import io.keepset.watch.ScheduleState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Compares the schedules in force with the triggers that are to run them. What is amiss for a
 * moment is not told: triggers come and go while runs begin and protections change.
 */
final class ScheduleFacts {
  /** As long as it takes the scheduler, by itself, to put right what it can. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final ScheduleClock clock;
  private final InstantSource system;
  private final Duration patience;
  private final boolean served;
  private final Map<String, Instant> amissSince = new ConcurrentHashMap<>();

  private ScheduleFacts(
      ScheduleClock clock, InstantSource system, Duration patience, boolean served) {
    this.clock = clock;
    this.system = system;
    this.patience = patience;
    this.served = served;
  }

  /**
   * Where a server runs them.
   *
   * @param system the clock of the machine, which triggers follow
   */
  static ScheduleFacts served(ScheduleClock clock, InstantSource system) {
    return new ScheduleFacts(clock, system, PATIENCE, true);
  }

  /** The same with a patience of its own, for tests. */
  static ScheduleFacts served(ScheduleClock clock, InstantSource system, Duration patience) {
    return new ScheduleFacts(clock, system, patience, true);
  }

  /** Where none does, which is told once and not for each schedule; what it left still counts. */
  static ScheduleFacts unserved(ScheduleClock clock) {
    return new ScheduleFacts(clock, InstantSource.system(), PATIENCE, false);
  }

  /** Of all schedules at one moment, by name of database. */
  Moment look() {
    Map<String, Map<String, ScheduleClock.Hand>> hands = new HashMap<>();
    for (ScheduleClock.Hand hand : clock.all()) {
      hands.computeIfAbsent(hand.database(), n -> new HashMap<>()).put(hand.schedule(), hand);
    }
    return new Moment(hands, clock.beginnings(), Alarms.of(clock), system.instant());
  }

  final class Moment {
    private final Map<String, Map<String, ScheduleClock.Hand>> hands;
    private final Map<String, Map<String, Instant>> beginnings;
    private final Alarms alarms;
    private final Instant now;

    private Moment(
        Map<String, Map<String, ScheduleClock.Hand>> hands,
        Map<String, Map<String, Instant>> beginnings,
        Alarms alarms,
        Instant now) {
      this.hands = hands;
      this.beginnings = beginnings;
      this.alarms = alarms;
      this.now = now;
    }

    /** Where its schedules stand; those that nobody runs are missing. */
    SortedMap<String, ScheduleState> of(Protection protection, Instant byOurClock) {
      SortedMap<String, ScheduleState> states = new TreeMap<>();
      for (String schedule : protection.schedules().keySet()) {
        ScheduleClock.Hand hand = hands.getOrDefault(protection.name(), Map.of()).get(schedule);
        Instant since = beginnings.getOrDefault(protection.name(), Map.of()).get(schedule);
        String key = protection.name() + "/" + schedule;
        if (hand == null || since == null) {
          if (!served || !lasting(key, true)) {
            states.put(
                schedule,
                new ScheduleState(byOurClock, byOurClock, Optional.empty(), Optional.empty()));
          }
          continue;
        }
        Optional<String> trouble =
            served ? alarms.trouble(protection.name(), schedule, now) : Optional.empty();
        boolean told = lasting(key, trouble.isPresent());
        states.put(
            schedule,
            new ScheduleState(
                since, hand.servedUntil(), hand.serving(), told ? trouble : Optional.empty()));
      }
      return states;
    }

    private boolean lasting(String key, boolean amiss) {
      if (!amiss) {
        amissSince.remove(key);
        return false;
      }
      Instant first = amissSince.computeIfAbsent(key, k -> now);
      return !now.isBefore(first.plus(patience));
    }
  }
}
