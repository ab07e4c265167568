package io.keepset.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastResortTest {
  private final List<Integer> halted = new ArrayList<>();
  private final LastResort resort = new LastResort(halted::add);

  @Test
  void anErrorEndsTheServer() {
    resort.uncaughtException(Thread.currentThread(), new OutOfMemoryError("on purpose"));

    assertThat(halted).containsExactly(1);
  }

  @Test
  void aBugOfOneThreadDoesNot() {
    resort.uncaughtException(Thread.currentThread(), new IllegalStateException("on purpose"));

    assertThat(halted).isEmpty();
  }
}
