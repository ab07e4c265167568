package io.keepset.app.serve;

import io.keepset.app.LastResort;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something over and over, with a pause between, or at once when it is woken. A turn that
 * fails is logged and does not end the loop; an error of the machine ends the server, see {@link
 * LastResort}.
 */
final class Loop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

  private final Runnable turn;
  private final Duration pause;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean woken;
  private boolean stopping;

  Loop(String name, Runnable turn, Duration pause) {
    this.turn = turn;
    this.pause = pause;
    this.thread = new Thread(this::run, name);
  }

  void start() {
    thread.start();
  }

  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (goOn()) {
      try {
        turn.run();
      } catch (RuntimeException | StackOverflowError e) {
        LOG.error("{}: a turn failed; the next one is tried all the same", thread.getName(), e);
      }
    }
  }

  /** True when the next turn is due, false when it is time to end. */
  private boolean goOn() {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (!woken && !stopping && left > 0) {
        left = changed.awaitNanos(left);
      }
      woken = false;
      return !stopping;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * No further turn begins.
   *
   * @return false if the one under way has not ended in time
   */
  boolean stop(Duration patience) {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(TimeUnit.NANOSECONDS.toMillis(patience.toNanos()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  @Override
  public void close() {
    if (!stop(Duration.ofSeconds(1))) {
      thread.interrupt();
    }
  }
}
