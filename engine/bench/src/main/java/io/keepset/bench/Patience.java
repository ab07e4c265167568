package io.keepset.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for a program that was started. */
final class Patience {
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private Patience() {}

  /**
   * Asks every {@code pause} until the answer is yes.
   *
   * @param what as in "waited in vain for <i>the first commit in force</i>"
   * @throws IllegalStateException with the log, if the program ends or ten minutes go by
   */
  static void until(
      String what, Process program, Path log, Duration pause, Callable<Boolean> question)
      throws Exception {
    long begin = System.nanoTime();
    while (!question.call()) {
      if (!program.isAlive() || System.nanoTime() - begin > LONGEST.toNanos()) {
        throw new IllegalStateException(
            "waited in vain for " + what + ": " + Files.readString(log));
      }
      Thread.sleep(pause.toMillis());
    }
  }
}
