package io.keepset.drivers.stream;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Ends what keeps somebody waiting for too long, where the wait itself knows no limit. One thread
 * waits; the end comes from another.
 */
public final class Watchdog implements AutoCloseable {
  private static final ScheduledExecutorService WATCH =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "keepset-watchdog");
            thread.setDaemon(true);
            return thread;
          });

  private final Duration patience;
  private final Runnable end;
  private final ScheduledFuture<?> watch;
  private volatile long waitingSince;
  private volatile boolean hung;

  /**
   * @param end makes the wait fail; called once, must be quick
   */
  public Watchdog(Duration patience, Runnable end) {
    this.patience = patience;
    this.end = end;
    long period = Math.max(10, Math.min(1000, patience.toMillis() / 4));
    this.watch = WATCH.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
  }

  private void look() {
    long since = waitingSince;
    if (since != 0 && !hung && System.nanoTime() - since > patience.toNanos()) {
      hung = true;
      end.run();
    }
  }

  /** Somebody begins to wait. */
  public void begin() {
    waitingSince = System.nanoTime();
  }

  /** Nobody waits any more. */
  public void served() {
    waitingSince = 0;
  }

  /** The same around a wait. */
  public <T> T watch(Supplier<T> wait) {
    begin();
    try {
      return wait.get();
    } finally {
      served();
    }
  }

  /** Whether it was waited for too long. */
  public boolean hung() {
    return hung;
  }

  @Override
  public void close() {
    watch.cancel(false);
  }
}
