package io.keepset.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
      assertThat(turns.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
