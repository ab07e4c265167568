package io.keepset.app.http;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * How much of the server one caller gets. Who asks too often waits for his turn instead of being
 * turned away: Terraform's {@code data "http"} takes 429 for the end of the run unless it was told
 * to retry. Only what exceeds the number of requests that may wait or run at once is turned away,
 * which one run of Terraform does not come near. Safe for several threads.
 */
final class Throttle {
  /** Ten times what Terraform does at once by itself; a fraction of the server's threads. */
  static final int AT_ONCE = 100;

  /** So much of its rate a caller may use up at once. */
  private static final long BURST = TimeUnit.SECONDS.toNanos(2);

  private final Map<String, Caller> callers = new ConcurrentHashMap<>();
  private final long interval;
  private final LongSupplier nanos;
  private final LongConsumer pause;

  private static final class Caller {
    private final Semaphore places = new Semaphore(AT_ONCE);
    private long next;

    Caller(long now) {
      this.next = now - BURST;
    }
  }

  /** A request that has begun. Closing it makes room. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @param rate requests a second, on average; 0 for any
   * @param pause waits for nanoseconds
   */
  Throttle(int rate, LongSupplier nanos, LongConsumer pause) {
    this.interval = rate == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / rate;
    this.nanos = nanos;
    this.pause = pause;
  }

  /** Waits for a turn; empty if too many are waiting for theirs. */
  Optional<Turn> enter(String name) {
    Caller caller = callers.computeIfAbsent(name, unused -> new Caller(nanos.getAsLong()));
    if (!caller.places.tryAcquire()) {
      return Optional.empty();
    }
    long wait = wait(caller);
    if (wait > 0) {
      pause.accept(wait);
    }
    return Optional.of(caller.places::release);
  }

  private long wait(Caller caller) {
    if (interval == 0) {
      return 0;
    }
    synchronized (caller) {
      long now = nanos.getAsLong();
      caller.next = Math.max(caller.next, now - BURST) + interval;
      return caller.next - now;
    }
  }
}
