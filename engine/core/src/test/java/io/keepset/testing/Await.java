package io.keepset.testing;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

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

  /**
   * What is waited for. It may throw as long as it can't be told, and the last reason is told in
   * the end; an assertion ends the waiting at once.
   */
  @FunctionalInterface
  public interface Condition {
    boolean met() throws Exception;
  }

  /**
   * @param what as in "waited 300 s in vain for <i>the second turn</i>"
   */
  public static void until(String what, Condition condition) throws InterruptedException {
    until(what, condition, () -> "");
  }

  /**
   * @param seen what helps to understand why it did not come: a log, a status
   */
  public static void until(String what, Condition condition, Callable<String> seen)
      throws InterruptedException {
    present(PATIENCE, what, () -> condition.met() ? Optional.of(true) : Optional.empty(), seen);
  }

  /** Until there is one. */
  public static <T> T present(String what, Callable<Optional<T>> value, Callable<String> seen)
      throws InterruptedException {
    return present(PATIENCE, what, value, seen);
  }

  static <T> T present(
      Duration patience, String what, Callable<Optional<T>> value, Callable<String> seen)
      throws InterruptedException {
    long begin = System.nanoTime();
    Throwable last = null;
    do {
      try {
        Optional<T> found = value.call();
        if (found.isPresent()) {
          return found.get();
        }
        last = null;
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        last = e;
      }
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } while (System.nanoTime() - begin < patience.toNanos());
    throw new AssertionError(inVain(patience, what) + " " + told(seen), last);
  }

  private static String told(Callable<String> seen) {
    try {
      return seen.call();
    } catch (Exception e) {
      return e.toString();
    }
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

  private static String inVain(Duration patience, String what) {
    return "waited " + patience.toSeconds() + " s in vain for " + what;
  }
}
