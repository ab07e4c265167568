package io.keepset.app.schedule;

import static io.keepset.app.schedule.SchedulerLab.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.schedule.RunTrigger.Outcome;
import io.keepset.app.schedule.SchedulerLab.Call;
import io.keepset.testing.Await;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How a scheduler ends, with and without a warning. */
class SchedulerStopTest extends SchedulerContract {
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
    Await.latch("the run", begun);
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
      Await.latch("the run", begun);
    }
    assertThat(told).contains("scheduler: stops while runs are under way", "interrupted");
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
}
