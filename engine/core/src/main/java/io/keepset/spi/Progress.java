package io.keepset.spi;

/** Hears how far a long transfer is. Called often, from any thread; must be cheap. */
@FunctionalInterface
public interface Progress {
  Progress NONE = (done, total) -> {};

  /**
   * @param done bytes so far
   * @param total bytes in all, or -1 if nobody knows
   */
  void at(long done, long total);

  /**
   * Said once before a transfer whose size nobody knows: how large the last one like it was.
   *
   * @param bytes at least 1
   */
  default void expect(long bytes) {}
}
