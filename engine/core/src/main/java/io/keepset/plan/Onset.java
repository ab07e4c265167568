package io.keepset.plan;

import java.util.Locale;

/** What a backup that a change costs goes with. */
public enum Onset {
  /** The apply: the next pass of retention lets it go. */
  AT_ONCE,
  /** The next run, because the platform reaches back only then. */
  NEXT_RUN,
  /** The next good run: nothing expires while the newest one is bad. */
  GOOD_RUN,
  /** The end of the restore that reads it. */
  RESTORE_END,
  /** The end of its grace: it has expired, and the change takes its way back. */
  GRACE_END,
  /** Runs to come, which push it out sooner than they would have. */
  LATER;

  /** As it stands in machine output: {@code at-once}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
