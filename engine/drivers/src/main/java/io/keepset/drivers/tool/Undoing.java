package io.keepset.drivers.tool;

/** What has to be put right though whoever waits for it was cancelled. */
public final class Undoing {
  private Undoing() {}

  /** Undoes something, and tells how that went. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /**
   * Does it as if nobody had interrupted this thread: what asks a server would fail at once
   * otherwise. The interrupt is there again afterwards.
   */
  public static <T, E extends Exception> T despiteInterrupt(Work<T, E> work) throws E {
    boolean interrupted = Thread.interrupted();
    try {
      return work.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
