package io.keepset.drivers.engine.elasticsearch;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.time.Duration;

/** Asks a cluster again and again how far it is, ever more seldom, and not for ever. */
final class Waiting {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** What is done is heard of later by no more than this part of the time that it took. */
  private static final int PART = 16;

  /** A node that starts anew, or a network that is mended, takes no longer. */
  private static final Duration UNANSWERED = Duration.ofMinutes(2);

  private final String what;
  private final Duration silence;
  private final long began = System.nanoTime();
  private String progress = "";
  private long moved = began;
  private long answered = began;

  /**
   * @param what is waited for: {@code the snapshot}
   * @param silence how long it may make no progress
   */
  Waiting(String what, Duration silence) {
    this.what = what;
    this.silence = silence;
  }

  /** Waits a moment after it was seen to be so far. */
  void after(String seen) throws DriverException {
    answered = System.nanoTime();
    if (!seen.equals(progress)) {
      progress = seen;
      moved = System.nanoTime();
    } else if (passed(silence, moved)) {
      throw new DriverException(
          Kind.TRANSIENT,
          what + " made no progress for " + silence.toSeconds() + " seconds and was ended");
    }
    pause();
  }

  /** Waits a moment after a question that nobody answered, unless that lasts too long already. */
  void after(DriverException unanswered) throws DriverException {
    if (unanswered.kind() != Kind.TRANSIENT
        || passed(shorter(UNANSWERED, silence), answered)
        || Thread.currentThread().isInterrupted()) {
      throw unanswered;
    }
    pause();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static boolean passed(Duration limit, long since) {
    return System.nanoTime() - since > limit.toNanos();
  }

  private void pause() throws DriverException {
    try {
      long part = (System.nanoTime() - began) / PART;
      Thread.sleep(
          Duration.ofNanos(Math.max(FIRST_PAUSE.toNanos(), Math.min(LONGEST_PAUSE.toNanos(), part)))
              .toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, what + " was cancelled", e);
    }
  }
}
