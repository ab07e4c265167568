package io.keepset.testing;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for what another thread, process or server does. All tests have the same patience, long
 * enough for a machine that is five times slower than usual, and whoever gives up says what he
 * waited for.
 */
public final class Await {
  /** What takes longer never comes. */
  public static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration PAUSE = Duration.ofMillis(20);

  private Await() {}

  /** What is waited for. It may throw as long as it can't be told; the last reason is told then. */
  @FunctionalInterface
  public interface Condition {
    boolean met() throws Exception;
  }

  /**
   * @param what as in "waited 5 min for <i>the second turn</i>"
   */
  public static void until(String what, Condition condition) throws InterruptedException {
    until(what, condition, () -> "");
  }

  /**
   * @param seen what helps to understand why it did not come: a log, a status
   */
  public static void until(String what, Condition condition, Supplier<String> seen)
      throws InterruptedException {
    until(PATIENCE, what, condition, seen);
  }

  static void until(Duration patience, String what, Condition condition, Supplier<String> seen)
      throws InterruptedException {
    long begin = System.nanoTime();
    @Nullable Exception last = null;
    do {
      try {
        if (condition.met()) {
          return;
        }
        last = null;
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        last = e;
      }
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } while (System.nanoTime() - begin < patience.toNanos());
    throw new AssertionError(inVain(patience, what) + " " + seen.get(), last);
  }

  /** Until it is counted down. */
  public static void latch(String what, CountDownLatch latch) throws InterruptedException {
    if (!latch.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError(inVain(PATIENCE, what));
    }
  }

  /** The next one of a queue. */
  public static <T> T next(String what, BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    if (next == null) {
      throw new AssertionError(inVain(PATIENCE, what));
    }
    return next;
  }

  /** Until it has ended by itself. Ends it if it does not, and says so. */
  public static int exit(String what, Process process) throws InterruptedException {
    if (!process.waitFor(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(inVain(PATIENCE, "the end of " + what));
    }
    return process.exitValue();
  }

  private static String inVain(Duration patience, String what) {
    return "waited " + patience.toSeconds() + " s in vain for " + what;
  }
}
