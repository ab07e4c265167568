package io.keepset.reconcile;

import io.keepset.spi.DriverException;
import java.time.Duration;

/**
 * Tries again what failed only for the moment. What is rejected, denied, missing or damaged stays
 * so, and is not tried again.
 *
 * @param attempts at most, the first one included
 * @param firstPause before the second attempt; each further one is four times as long
 */
public record Retry(int attempts, Duration firstPause, Sleeper sleeper) {
  private static final int GROWTH = 4;

  /** Something that a platform is asked for. */
  @FunctionalInterface
  public interface Call<T> {
    T call() throws DriverException;
  }

  public Retry {
    if (attempts < 1) {
      throw new IllegalArgumentException("at least one attempt");
    }
  }

  /** Four attempts within about 20 seconds. */
  public static Retry usual(Sleeper sleeper) {
    return new Retry(4, Duration.ofSeconds(1), sleeper);
  }

  public <T> T call(Call<T> call) throws DriverException {
    Duration pause = firstPause;
    for (int attempt = 1; ; attempt++) {
      try {
        return call.call();
      } catch (DriverException e) {
        if (e.kind() != DriverException.Kind.TRANSIENT || attempt == attempts) {
          throw e;
        }
        try {
          sleeper.sleep(pause);
        } catch (InterruptedException interrupt) {
          Thread.currentThread().interrupt();
          throw e;
        }
        pause = pause.multipliedBy(GROWTH);
      }
    }
  }
}
