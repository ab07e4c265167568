package io.keepset.drivers.aws;

import java.util.Optional;

/**
 * How large the parts of an upload are, when nobody knows how long it will be. S3 takes 10,000
 * parts at most; so they begin small and double after each thousand, up to 1 GiB. A backup of up to
 * 16 GB needs parts of 16 MiB in memory, one of 100 GB parts of 64 MiB, and all of them together
 * hold 5 TB.
 */
public final class PartSizes {
  static final int MOST_PARTS = 10_000;
  private static final int FIRST = 16 << 20;
  private static final int EACH = 1_000;
  private static final int LARGEST_SHIFT = 6;

  private final Optional<Integer> fixed;

  /**
   * @param fixed size of every part in bytes; empty for one that grows
   */
  public PartSizes(Optional<Integer> fixed) {
    this.fixed = fixed;
  }

  /**
   * @param number counted from 1
   */
  public int of(int number) {
    return fixed.orElseGet(() -> FIRST << Math.min((number - 1) / EACH, LARGEST_SHIFT));
  }

  /** The most that an object can hold. */
  public long capacity() {
    long sum = 0;
    for (int number = 1; number <= MOST_PARTS; number++) {
      sum += of(number);
    }
    return sum;
  }
}
