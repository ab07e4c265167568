package io.keepset.app;

import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a server that something happened to after which nobody knows what still works: memory that
 * ran out, a class that can't be loaded. Half a server would be silent about what it does no more,
 * so it ends at once, without tidying up: the next start takes up what was under way, and whoever
 * watches the process hears of it.
 */
public final class LastResort implements Thread.UncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);
  private static final int FAILED = 1;

  private final IntConsumer halt;

  LastResort(IntConsumer halt) {
    this.halt = halt;
  }

  /** From now on no thread of this process ends without a word. */
  public static void install() {
    Thread.setDefaultUncaughtExceptionHandler(new LastResort(Runtime.getRuntime()::halt));
  }

  /** For errors on threads whose owner would swallow them; does not return in a server. */
  public static void hear(Error error) {
    Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
    if (handler instanceof LastResort) {
      handler.uncaughtException(Thread.currentThread(), error);
    }
    throw error;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable e) {
    if (e instanceof Error) {
      try {
        LOG.error(
            "{} ended by {}; the server ends, as it can't be relied on", thread.getName(), e, e);
      } finally {
        halt.accept(FAILED);
      }
    } else {
      LOG.error("{} ended by a bug", thread.getName(), e);
    }
  }
}
