package io.keepset.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AwaitTest {
  private int asked;

  @Test
  void asksAgainUntilItIsSoAlsoIfAskingFails() throws Exception {
    Await.until(
        "the third time",
        () -> {
          if (++asked == 1) {
            throw new IOException("not there yet");
          }
          return asked == 3;
        });
    assertThat(asked).isEqualTo(3);
  }

  @Test
  void givingUpSaysWhatWasWaitedForWhatIsSeenAndTheLastReason() {
    assertThatThrownBy(
            () ->
                Await.present(
                    Duration.ofMillis(1),
                    "the moon",
                    () -> {
                      throw new IOException("cloudy");
                    },
                    () -> "seen: clouds"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("in vain for the moon")
        .hasMessageContaining("seen: clouds")
        .hasRootCauseMessage("cloudy");
  }
}
