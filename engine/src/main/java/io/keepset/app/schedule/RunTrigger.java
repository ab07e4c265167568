package io.keepset.app.schedule;

import java.time.Instant;

/** What a due schedule sets off. Called from several threads; blocks until the run has ended. */
public interface RunTrigger {
  /** How a call ended. */
  enum Outcome {
    /** The run took place, well or not; its backup says which. */
    ENDED,
    /** It could not begin now, for a reason that passes: it is tried again. */
    BUSY
  }

  /**
   * Makes the backup.
   *
   * @param scheduledFor the due time, jitter included
   * @param recovering a node died on this very run: the backup may or may not exist
   */
  Outcome run(String database, String schedule, Instant scheduledFor, boolean recovering);

  /** What follows a run, once its places are free for others. */
  default void afterwards(String database) {}
}
