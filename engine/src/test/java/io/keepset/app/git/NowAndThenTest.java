package io.keepset.app.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import org.junit.jupiter.api.Test;

class NowAndThenTest {
  private long now;
  private int done;
  private final NowAndThen looks = new NowAndThen(() -> now);

  @Test
  void howeverManyReadItIsDoneOnceInAWhile() throws Exception {
    for (int i = 0; i < 100; i++) {
      looks.unlessRecent(() -> done++);
      now += NowAndThen.PAUSE_NANOS / 50;
    }

    assertThat(done).isEqualTo(2);
    looks.now(() -> done++);
    looks.unlessRecent(() -> done++);
    assertThat(done).as("who writes looks anew, and readers see that").isEqualTo(3);
    looks.forget();
    looks.unlessRecent(() -> done++);
    assertThat(done).isEqualTo(4);
  }

  @Test
  void aRemoteThatFailsIsNotAskedMoreOften() {
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(
              () ->
                  looks.unlessRecent(
                      () -> {
                        done++;
                        throw new DriverException(Kind.TRANSIENT, "gone");
                      }))
          .hasMessage("gone");
    }
    assertThat(done).isEqualTo(1);
  }
}
