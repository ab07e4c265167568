package io.keepset.testing;

import java.util.Random;

/**
 * Tries a law on made-up cases, the same in every run. A failure names the case's seed, with which
 * {@code -Dkeepset.law.seed=} tries that case alone; {@code -Dkeepset.law.cases=20} tries twenty
 * times as many cases.
 */
public final class Laws {
  private static final String SEED = "keepset.law.seed";
  private static final String CASES = "keepset.law.cases";

  private static final long BASE = 20261121;

  private Laws() {}

  /** What holds for everything that can be made of a random source; an assertion says if not. */
  @FunctionalInterface
  public interface Law {
    void holds(Random random) throws Exception;
  }

  /** Tries so many cases and stops at the first that breaks the law. */
  public static void forAll(int cases, Law law) {
    String alone = System.getProperty(SEED);
    if (alone != null) {
      tryOne("the case", Long.parseLong(alone), law);
      return;
    }
    long all = (long) cases * Integer.getInteger(CASES, 1);
    for (long i = 0; i < all; i++) {
      tryOne("case " + (i + 1) + " of " + all, seed(i), law);
    }
  }

  private static void tryOne(String which, long seed, Law law) {
    try {
      law.holds(new Random(seed));
    } catch (Exception | AssertionError broken) {
      throw new AssertionError(
          which
              + " breaks the law; alone: -Dkeepset.law.seed="
              + seed
              + " -Dtest="
              + test()
              + "\n"
              + broken.getMessage(),
          broken);
    }
  }

  /** Neighbouring seeds begin alike in {@link Random}, so they are spread. */
  private static long seed(long number) {
    return new Random((BASE + number) * 0x9E3779B97F4A7C15L).nextLong();
  }

  private static String test() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> !frame.getClassName().equals(Laws.class.getName()))
                    .filter(frame -> frame.getClassName().startsWith("io.keepset."))
                    .filter(frame -> !frame.getMethodName().startsWith("lambda$"))
                    .findFirst()
                    .map(
                        frame ->
                            frame.getClassName().replaceFirst(".*\\.", "")
                                + "#"
                                + frame.getMethodName())
                    .orElse(""));
  }
}
