package io.keepset.app.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory that bodies take while they are read and answered, of all callers together. A tree
 * takes many times the bytes of its text, so that a few large bodies at once would end the server.
 * They take turns instead, in the order in which they came: what is larger than all of it is alone.
 * Safe for several threads.
 */
final class Memory {
  /** Of the heap; the rest is what the server has in memory anyway. */
  private static final double SHARE = 0.6;

  /** More than these are turned away at once: each keeps a thread of the server. */
  private static final int MOST_WAITING = 40;

  private static final int UNIT = 1024;

  private final int all;
  private final Semaphore free;
  private final Duration patience;

  /**
   * @param bytes in all
   * @param patience how long a body waits for its turn
   */
  Memory(long bytes, Duration patience) {
    this.all = units(bytes);
    this.free = new Semaphore(all, true);
    this.patience = patience;
  }

  /** A share of this process's heap. */
  static Memory ofThisProcess() {
    return new Memory((long) (Runtime.getRuntime().maxMemory() * SHARE), Duration.ofSeconds(60));
  }

  private static int units(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, (bytes + UNIT - 1) / UNIT);
  }

  /** What one request takes. Closing it gives all back. */
  Share share() {
    return new Share();
  }

  /** Belongs to the one thread that answers a request. */
  final class Share implements AutoCloseable {
    private int taken;

    /**
     * Waits until there is so much.
     *
     * @throws Problem 503 if that takes too long, or too many wait already
     */
    void take(long bytes) {
      int wanted = Math.min(units(bytes), all - taken);
      if (wanted <= 0) {
        return;
      }
      if (!free.tryAcquire(wanted) && !awaited(wanted)) {
        throw Problem.busy(
            "the server has no memory left for this body, because it works on others: try again");
      }
      taken += wanted;
    }

    private boolean awaited(int wanted) {
      if (free.getQueueLength() >= MOST_WAITING) {
        return false;
      }
      try {
        return free.tryAcquire(wanted, patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    @Override
    public void close() {
      free.release(taken);
      taken = 0;
    }
  }
}
