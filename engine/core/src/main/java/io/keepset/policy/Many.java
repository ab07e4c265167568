package io.keepset.policy;

import java.util.Collection;
import java.util.stream.Stream;

/** Work on many things that know nothing of each other. */
public final class Many {
  /** From so many on it pays to wake other threads. */
  private static final int WORTH_THREADS = 200;

  private Many() {}

  /** On all cores if it is worth it; what collects it keeps the order. */
  public static <T> Stream<T> stream(Collection<T> things) {
    return stream(things, things.size());
  }

  /**
   * The same.
   *
   * @param laborious how many of them are more than looked at
   */
  public static <T> Stream<T> stream(Collection<T> things, int laborious) {
    return laborious >= WORTH_THREADS ? things.parallelStream() : things.stream();
  }
}
