package io.keepset.app.schedule;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What works at the moment, so that a stop can wait for it. */
final class Running {
  private final Set<Run> runs = new HashSet<>();
  private boolean ended;

  /** Until it is closed, by the thread that began it. */
  final class Run implements AutoCloseable {
    private final Thread thread = Thread.currentThread();

    @Override
    public void close() {
      synchronized (Running.this) {
        runs.remove(this);
        Running.this.notifyAll();
      }
    }
  }

  /** Empty after {@link #end}: what the scheduler had already handed out must not begin then. */
  synchronized Optional<Run> begin() {
    if (ended) {
      return Optional.empty();
    }
    Run run = new Run();
    runs.add(run);
    return Optional.of(run);
  }

  /** From now on nothing begins any more. */
  synchronized void end() {
    ended = true;
  }

  /** True if nothing works any more before the time is over. */
  synchronized boolean await(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (!runs.isEmpty()) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  synchronized void interrupt() {
    runs.forEach(run -> run.thread.interrupt());
  }
}
