package io.keepset.app.schedule;

import static io.keepset.app.schedule.SchedulerLab.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.schedule.RunTrigger.Outcome;
import io.keepset.app.schedule.SchedulerLab.Call;
import io.keepset.app.state.ScheduleClock.Hand;
import io.keepset.policy.Suspension;
import io.keepset.policy.TargetId;
import io.keepset.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class BackupSchedulerTest extends SchedulerContract {
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
        seen.add(Await.next("a chore", done));
      }
    }
    assertThat(told).contains("verify: failed: no store");
  }
}
