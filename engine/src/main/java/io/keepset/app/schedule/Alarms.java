package io.keepset.app.schedule;

import io.keepset.app.state.ScheduleClock;
import io.keepset.app.state.ScheduleClock.Alarm;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What Quartz has set for the schedules at one moment. */
public final class Alarms {
  /** A trigger that waits longer than this after its time is not being looked after. */
  private static final Duration OVERDUE = Duration.ofMinutes(5);

  private final Map<String, Alarm> byName;

  private Alarms(Map<String, Alarm> byName) {
    this.byName = byName;
  }

  public static Alarms of(ScheduleClock clock) {
    return new Alarms(clock.alarms(QuartzFactory.NAME, RunKey.GROUP));
  }

  /** A node of a cluster that lives has said so not long ago. */
  public static boolean anyNodeAlive(ScheduleClock clock, Instant now) {
    return clock
        .lastCheckIn(QuartzFactory.NAME)
        .filter(at -> at.plus(OVERDUE).isAfter(now))
        .isPresent();
  }

  /**
   * Why a schedule will not wake up by itself, as the end of a sentence.
   *
   * @param now by the clock of the machine
   */
  public Optional<String> trouble(String database, String schedule, Instant now) {
    Alarm alarm = byName.get(new RunKey(database, schedule).trigger().getName());
    if (alarm == null) {
      return Optional.of("has no trigger");
    }
    return switch (alarm.state()) {
      case "ERROR", "PAUSED", "PAUSED_BLOCKED", "COMPLETE" ->
          Optional.of("has a trigger in state " + alarm.state());
      default ->
          alarm.wakesAt().plus(OVERDUE).isBefore(now)
              ? Optional.of("was to wake up at " + alarm.wakesAt() + " and did not")
              : Optional.empty();
    };
  }
}
