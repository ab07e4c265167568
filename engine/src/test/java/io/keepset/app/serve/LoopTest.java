package io.keepset.app.serve;

import io.keepset.testing.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LoopTest {
  @Test
  void aTurnThatFailsIsNotTheLast() throws Exception {
    CountDownLatch turns = new CountDownLatch(3);
    try (Loop loop =
        new Loop(
            "failing",
            () -> {
              turns.countDown();
              throw new IllegalStateException("on purpose");
            },
            Duration.ofMillis(1))) {
      loop.start();
      Await.latch("the third turn", turns);
    }
  }

  @Test
  void anErrorOfTheMachineIsHeardOfAndNotJustTheEndOfTheLoop() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> heard.countDown());
    try (Loop loop =
        new Loop(
            "dying",
            () -> {
              throw new NoClassDefFoundError("on purpose");
            },
            Duration.ofMillis(1))) {
      loop.start();
      Await.latch("the error", heard);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}
