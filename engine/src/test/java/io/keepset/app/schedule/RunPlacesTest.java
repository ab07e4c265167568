package io.keepset.app.schedule;

import static io.keepset.app.schedule.SchedulerLab.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.schedule.RunTrigger.Outcome;
import io.keepset.testing.Await;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How many runs there may be at once. */
class RunPlacesTest extends SchedulerContract {
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
      Await.latch("the end of all runs", ended);
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
      Await.latch("what follows the run", followed);
    }

    assertThat(free.get()).isEqualTo(1);
  }
}
