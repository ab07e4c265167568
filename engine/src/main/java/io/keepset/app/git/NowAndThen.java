package io.keepset.app.git;

import io.keepset.spi.DriverException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that costs others, and that readers may not cause as often as they like. Not for
 * several threads.
 */
final class NowAndThen {
  /** What others write is seen no later than this. */
  static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final LongSupplier nanos;
  private boolean done;
  private long at;
  private @Nullable DriverException failure;

  /** What is done. */
  interface Work {
    void run() throws DriverException, IOException;
  }

  NowAndThen(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Does it. */
  void now(Work work) throws DriverException, IOException {
    done = false;
    long began = nanos.getAsLong();
    try {
      work.run();
      failure = null;
    } catch (DriverException e) {
      failure = e;
      throw e;
    } finally {
      at = began;
      done = true;
    }
  }

  /** Does it unless it was done a moment ago; then what came of that is what comes of this. */
  void unlessRecent(Work work) throws DriverException, IOException {
    if (!done || nanos.getAsLong() - at >= PAUSE_NANOS) {
      now(work);
    } else if (failure != null) {
      throw new DriverException(failure.kind(), String.valueOf(failure.getMessage()), failure);
    }
  }

  /** The next time it is done in any case. */
  void forget() {
    done = false;
  }
}
