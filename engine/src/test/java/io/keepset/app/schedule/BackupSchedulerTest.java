package io.keepset.app.schedule;

import static io.keepset.app.schedule.SchedulerLab.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.schedule.RunTrigger.Outcome;
import io.keepset.app.schedule.SchedulerLab.Call;
import io.keepset.app.state.ScheduleClock.Hand;
import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.StateSettings;
import io.keepset.policy.Suspension;
import io.keepset.policy.TargetId;
import io.keepset.runner.Journal;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupSchedulerTest {
  private static final RunLimits FOUR = new RunLimits(() -> 4, store -> 0);

  @TempDir private Path data;
  private StateDatabase state;
  private final SchedulerLab lab = new SchedulerLab();
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final Journal journal = (severity, subject, text) -> told.add(subject + ": " + text);

  @BeforeEach
  void open() throws Exception {
    state = StateDatabase.open(StateSettings.of(data, Map.of()), reference -> null);
  }

  @AfterEach
  void close() {
    state.close();
  }

  private BackupScheduler scheduler(RunTrigger trigger, Instant now, RunLimits limits) {
    return scheduler(trigger, SchedulerLab.at(now), limits, List.of());
  }

  private BackupScheduler scheduler(
      RunTrigger trigger, Clock clock, RunLimits limits, List<Chore> chores) {
    return new BackupScheduler(
        state, trigger, chores, limits, clock, journal, SchedulerLab.settings());
  }

  @Test
  void runsWhenItIsDue() throws Exception {
    try (BackupScheduler scheduler = scheduler(lab, TWO.minusSeconds(1), FOUR)) {
      scheduler.start();
      state.catalogue().protect(SchedulerLab.nightly("orders"));
      scheduler.synchronise();
      scheduler.synchronise();

      assertThat(lab.call()).isEqualTo(new Call("orders", TWO, false));
    }
    assertThat(hand("orders").servedUntil()).isEqualTo(TWO);
    assertThat(lab.quiet()).isTrue();
  }

  @Test
  void saysWhichScheduleStandsStill() throws Exception {
    try (BackupScheduler scheduler = scheduler(lab, TWO.minusSeconds(3600), FOUR)) {
      scheduler.start();
      state.catalogue().protect(SchedulerLab.nightly("orders"));
      scheduler.synchronise();
      assertThat(scheduler.idle()).isEmpty();

      try (var connection = state.dataSource().getConnection();
          var statement = connection.createStatement()) {
        statement.executeUpdate(
            "update quartz_triggers set trigger_state = 'PAUSED' where trigger_name = 'orders/nightly'");
      }

      assertThat(scheduler.idle())
          .containsOnly(
              Map.entry(
                  new TargetId("runner", "orders"), "schedule nightly is paused in the scheduler"));
    }
  }

  @Test
  void catchesUpOnceWhatWasMissed() throws Exception {
    SchedulerLab.overdue(state, "orders");
    try (BackupScheduler scheduler = scheduler(lab, TWO.plusSeconds(3600), FOUR)) {
      scheduler.start();

      assertThat(lab.call()).isEqualTo(new Call("orders", TWO, false));
    }
    SchedulerLab.overdue(state, "billing");
    try (BackupScheduler again = scheduler(lab, TWO.plusSeconds(7200), FOUR)) {
      again.start();

      assertThat(lab.call()).isEqualTo(new Call("billing", TWO, false));
    }
    assertThat(lab.quiet()).isTrue();
  }

  @Test
  void leavesOutAMissedRunWhenTheNextIsNearAndSaysSo() throws Exception {
    SchedulerLab.overdue(state, "orders");
    Instant late = TWO.plus(Duration.ofHours(13));
    try (BackupScheduler scheduler = scheduler(lab, late, FOUR)) {
      scheduler.start();
      scheduler.due(new RunKey("orders", "nightly"), false);
    }
    assertThat(lab.quiet()).isTrue();
    assertThat(told)
        .containsExactly(
            "orders: the run of schedule nightly that was due at 2026-11-21T02:00:00Z is left out,"
                + " because the next is near: 2026-11-22T02:00:00Z");
  }

  @Test
  void aScheduleThatNobodyCouldScheduleYetIsNotCalledMissing() {
    try (BackupScheduler scheduler = scheduler(lab, TWO, FOUR)) {
      scheduler.synchronise();
      state.catalogue().protect(SchedulerLab.nightly("fresh"));

      assertThat(scheduler.idle()).isEmpty();
    }
  }

  @Test
  void whatWasHandedOutBeforeAStopDoesNotBeginAfterIt() throws Exception {
    SchedulerLab.overdue(state, "orders");
    BackupScheduler scheduler = scheduler(lab, TWO, FOUR);
    scheduler.synchronise();
    scheduler.close();

    scheduler.chore("synchronise");
    scheduler.due(new RunKey("orders", "nightly"), false);

    assertThat(told).isEmpty();
    assertThat(lab.quiet()).isTrue();
  }

  @Test
  void aScheduleThatIsNewOrChangedHasMissedNothing() {
    SchedulerLab.overdue(state, "orders");
    state.catalogue().protect(SchedulerLab.withCron("orders", "0 1 * * *", Optional.empty()));
    state.catalogue().protect(SchedulerLab.nightly("fresh"));
    Instant now = TWO.plusSeconds(60);
    try (BackupScheduler scheduler = scheduler(lab, now, FOUR)) {
      scheduler.synchronise();
      scheduler.due(new RunKey("orders", "nightly"), false);
      scheduler.due(new RunKey("fresh", "nightly"), false);
    }
    assertThat(lab.quiet()).isTrue();
    assertThat(hand("orders").servedUntil()).isAfterOrEqualTo(now);
  }

  @Test
  void aRunThatCannotBeginIsTriedAgain() throws Exception {
    SchedulerLab.overdue(state, "orders");
    lab.answer(Outcome.BUSY);
    lab.answer(Outcome.BUSY);
    try (BackupScheduler scheduler = scheduler(lab, TWO.plusSeconds(60), FOUR)) {
      scheduler.start();

      for (int i = 0; i < 3; i++) {
        assertThat(lab.call()).isEqualTo(new Call("orders", TWO, false));
      }
    }
    assertThat(hand("orders").servedUntil()).isEqualTo(TWO);
  }

  @Test
  void noMoreRunsAtOnceThanAllowedInAll() throws Exception {
    assertThat(mostAtOnce(new RunLimits(() -> 2, store -> 0))).isLessThanOrEqualTo(2);
  }

  @Test
  void noMoreRunsAtOnceThanAllowedForAStore() throws Exception {
    assertThat(mostAtOnce(new RunLimits(() -> 4, store -> store.equals("main") ? 1 : 0)))
        .isEqualTo(1);
  }

  private int mostAtOnce(RunLimits limits) throws InterruptedException {
    int databases = 6;
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch ended = new CountDownLatch(databases);
    for (int i = 0; i < databases; i++) {
      SchedulerLab.overdue(state, "db" + i);
    }
    RunTrigger counting =
        (database, schedule, due, recovering) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Thread.yield();
          now.decrementAndGet();
          ended.countDown();
          return Outcome.ENDED;
        };
    try (BackupScheduler scheduler = scheduler(counting, TWO.plusSeconds(60), limits)) {
      scheduler.start();
      assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    }
    return most.get();
  }

  @Test
  void whatFollowsARunFindsThePlaceOfTheRunFree() throws Exception {
    SchedulerLab.overdue(state, "orders");
    RunLimits one = new RunLimits(() -> 1, store -> 1);
    CountDownLatch followed = new CountDownLatch(1);
    AtomicInteger free = new AtomicInteger();
    RunTrigger copying =
        new RunTrigger() {
          @Override
          public Outcome run(String database, String schedule, Instant due, boolean recovering) {
            one.places(state.leases()).take("main").ifPresent(place -> free.addAndGet(100));
            return Outcome.ENDED;
          }

          @Override
          public void afterwards(String database) {
            one.places(state.leases()).take("main").ifPresent(place -> free.incrementAndGet());
            followed.countDown();
          }
        };
    try (BackupScheduler scheduler = scheduler(copying, TWO.plusSeconds(60), one)) {
      scheduler.start();
      assertThat(followed.await(60, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(free.get()).isEqualTo(1);
  }

  @Test
  void suspendedAndUnprotectedDatabasesDoNotRun() {
    Suspension paused =
        new Suspension(false, "moving house", Optional.of(LocalDate.of(2026, 11, 22)));
    SchedulerLab.overdue(state, "orders");
    SchedulerLab.overdue(state, "paused");
    SchedulerLab.overdue(state, "gone");
    state.catalogue().protect(SchedulerLab.withCron("paused", "0 2 * * *", Optional.of(paused)));
    state.catalogue().unprotect("gone");
    try (BackupScheduler scheduler = scheduler(lab, TWO.plusSeconds(60), FOUR)) {
      scheduler.synchronise();
      scheduler.due(new RunKey("paused", "nightly"), false);
      scheduler.due(new RunKey("gone", "nightly"), false);
    }
    assertThat(lab.quiet()).isTrue();
    assertThat(state.scheduleClock().all()).extracting(Hand::database).containsExactly("orders");

    // The pause ends by itself, and what it left out is not made up for.
    Instant after = Instant.parse("2026-11-22T02:30:00Z");
    try (BackupScheduler scheduler = scheduler(lab, after, FOUR)) {
      scheduler.synchronise();
    }
    assertThat(hand("paused").servedUntil()).isAfterOrEqualTo(after);
  }

  @Test
  void stoppingWaitsForTheRunUnderWay() throws Exception {
    SchedulerLab.overdue(state, "orders");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    RunTrigger slow =
        (database, schedule, due, recovering) -> {
          begun.countDown();
          try {
            mayEnd.await();
          } catch (InterruptedException e) {
            told.add("interrupted");
          }
          return Outcome.ENDED;
        };
    BackupScheduler scheduler = scheduler(slow, TWO.plusSeconds(60), FOUR);
    scheduler.start();
    begun.await();
    Thread stop = new Thread(scheduler::close);
    stop.start();
    mayEnd.countDown();
    stop.join();

    assertThat(hand("orders").servedUntil()).isEqualTo(TWO);
    assertThat(told).isEmpty();
  }

  @Test
  void stoppingInterruptsARunThatDoesNotEnd() throws Exception {
    SchedulerLab.overdue(state, "orders");
    CountDownLatch begun = new CountDownLatch(1);
    RunTrigger endless =
        (database, schedule, due, recovering) -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            told.add("interrupted");
          }
          return Outcome.BUSY;
        };
    BackupScheduler.Settings impatient =
        new BackupScheduler.Settings(
            4, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(50));
    try (BackupScheduler scheduler =
        new BackupScheduler(
            state,
            endless,
            List.of(),
            FOUR,
            SchedulerLab.at(TWO.plusSeconds(60)),
            journal,
            impatient)) {
      scheduler.start();
      begun.await();
    }
    assertThat(told).contains("scheduler: stops while runs are under way", "interrupted");
  }

  @Test
  void choresAreDoneAndOneThatFailsIsTold() throws Exception {
    LinkedBlockingQueue<String> done = new LinkedBlockingQueue<>();
    Chore good = new Chore("retention", Duration.ofHours(1), () -> done.add("retention"));
    Chore bad =
        new Chore(
            "verify",
            Duration.ofMillis(200),
            () -> {
              done.add("verify");
              throw new IllegalStateException("no store");
            });
    try (BackupScheduler scheduler =
        scheduler(lab, SchedulerLab.at(TWO), FOUR, List.of(good, bad))) {
      scheduler.start();
      List<String> seen = new ArrayList<>();
      while (!seen.contains("retention") || Collections.frequency(seen, "verify") < 2) {
        seen.add(done.poll(60, TimeUnit.SECONDS));
      }
    }
    assertThat(told).contains("verify: failed: no store");
  }

  @Test
  void aRunWhoseProcessIsKilledIsTakenUpAtTheNextStart() throws Exception {
    SchedulerLab.overdue(state, "orders");
    state.close();
    Process node = SchedulerNode.launch(data.toString(), Map.of());
    try (BufferedReader out = node.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.lines().filter(l -> l.startsWith("run ")).findFirst()).contains("run orders");
      node.destroyForcibly().waitFor();
    }
    open();
    try (BackupScheduler scheduler = scheduler(lab, TWO.plusSeconds(120), FOUR)) {
      scheduler.start();

      assertThat(lab.call()).isEqualTo(new Call("orders", TWO, true));
    }
    assertThat(hand("orders").servedUntil()).isEqualTo(TWO);
    assertThat(hand("orders").died()).isFalse();
  }

  private Hand hand(String database) {
    return state.scheduleClock().find(database, "nightly").orElseThrow();
  }
}
