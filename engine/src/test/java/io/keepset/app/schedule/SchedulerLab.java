package io.keepset.app.schedule;

import io.keepset.app.state.ScheduleClock.Hand;
import io.keepset.app.state.StateDatabase;
import io.keepset.policy.Cron;
import io.keepset.policy.Protection;
import io.keepset.policy.Schedule;
import io.keepset.policy.Suspension;
import io.keepset.runner.Samples;
import io.keepset.testing.Await;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A state with schedules, and a trigger that writes down what it was asked for. */
final class SchedulerLab implements RunTrigger {
  static final Instant TWO = Instant.parse("2026-11-21T02:00:00Z");

  /** One call of the trigger. */
  record Call(String database, Instant scheduledFor, boolean recovering) {}

  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final BlockingQueue<Outcome> answers = new LinkedBlockingQueue<>();

  /** The system's clock, moved so that it is this time now. */
  static Clock at(Instant now) {
    return Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), now));
  }

  static BackupScheduler.Settings settings() {
    return new BackupScheduler.Settings(
        4, Duration.ofMillis(500), Duration.ofMillis(100), Duration.ofSeconds(20));
  }

  static Protection nightly(String database) {
    return withCron(database, "0 2 * * *", Optional.empty());
  }

  static Protection withCron(String database, String cron, Optional<Suspension> suspension) {
    Protection p = Samples.protection(database);
    Schedule schedule = new Schedule("nightly", new Cron(cron), ZoneOffset.UTC, Duration.ZERO);
    TreeMap<String, Schedule> schedules = new TreeMap<>();
    schedules.put("nightly", schedule);
    return p.change().schedules(schedules).suspension(suspension).build();
  }

  /** A nightly schedule that was last served two nights before {@link #TWO}. */
  static void overdue(StateDatabase state, String database) {
    state.catalogue().protect(nightly(database));
    Schedule schedule = nightly(database).schedules().get("nightly");
    String rule = schedule.cron() + " " + schedule.zone() + " " + schedule.jitter();
    state
        .scheduleClock()
        .begin(
            List.of(
                new Hand(
                    database,
                    "nightly",
                    rule,
                    TWO.minus(Duration.ofDays(2)),
                    Optional.empty(),
                    false)));
  }

  /** What the next calls are answered with, before all others end. */
  void answer(Outcome outcome) {
    answers.add(outcome);
  }

  @Override
  public Outcome run(String database, String schedule, Instant due, boolean recovering) {
    calls.add(new Call(database, due, recovering));
    Outcome answer = answers.poll();
    return answer == null ? Outcome.ENDED : answer;
  }

  /** The next call; waits for it. */
  Call call() throws InterruptedException {
    return Await.next("a run", calls);
  }

  boolean quiet() {
    return calls.isEmpty();
  }
}
