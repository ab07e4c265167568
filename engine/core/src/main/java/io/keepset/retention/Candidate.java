package io.keepset.retention;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;

/**
 * A backup that takes part in the decision.
 *
 * @param counts false for an empty or suspicious one: it may be kept, but fills no place
 * @param mayBeOldest false if it is never kept merely for being the oldest of all
 */
record Candidate(Backup backup, Period period, boolean counts, boolean mayBeOldest) {
  static final Comparator<Candidate> NEWEST_FIRST =
      Comparator.comparing(Candidate::backup, Comparator.comparing(Backup::time))
          .thenComparing(c -> c.backup().id())
          .reversed();

  static Candidate of(Backup backup, ZoneId zone) {
    return of(backup, zone, true);
  }

  static Candidate of(Backup backup, ZoneId zone, boolean mayBeOldest) {
    return new Candidate(backup, Period.of(backup.time(), zone), counts(backup), mayBeOldest);
  }

  /** When all of it was there: what it is rolled forward to is later than that. */
  Instant complete() {
    return backup.finished().orElse(backup.time());
  }

  static boolean counts(Backup backup) {
    return !backup.suspicious() && backup.size().orElse(1) > 0;
  }
}
