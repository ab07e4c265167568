package io.keepset.retention;

import java.time.ZoneId;
import java.util.Comparator;

/**
 * A backup that takes part in the decision.
 *
 * @param counts false for an empty or suspicious one: it may be kept, but fills no place
 */
record Candidate(Backup backup, Period period, boolean counts) {
  static final Comparator<Candidate> NEWEST_FIRST =
      Comparator.comparing(Candidate::backup, Comparator.comparing(Backup::time))
          .thenComparing(c -> c.backup().id())
          .reversed();

  static Candidate of(Backup backup, ZoneId zone) {
    return new Candidate(backup, Period.of(backup.time(), zone), counts(backup));
  }

  static boolean counts(Backup backup) {
    return !backup.suspicious() && backup.size().orElse(1) > 0;
  }
}
