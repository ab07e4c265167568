package io.keepset.policy;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps backups whatever the policy says, until somebody ends it.
 *
 * @param databases held by name
 * @param labels databases that have all of these are held as well; empty holds none by label
 * @param from the first day whose backups are held; empty for all before {@code to}
 * @param to the last such day
 * @param reviewBy when somebody has to look at it again; it does not end by itself
 */
public record Hold(
    String name,
    SortedSet<String> databases,
    SortedMap<String, String> labels,
    Optional<LocalDate> from,
    Optional<LocalDate> to,
    String reason,
    LocalDate reviewBy) {
  public Hold {
    databases = Collections.unmodifiableSortedSet(new TreeSet<>(databases));
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    if (databases.isEmpty() && labels.isEmpty()) {
      throw new IllegalArgumentException("hold " + name + " holds nothing");
    }
  }

  /** Whether the database is held at all, by name or by its labels. */
  public boolean covers(String database, Map<String, String> itsLabels) {
    return databases.contains(database)
        || (!labels.isEmpty() && itsLabels.entrySet().containsAll(labels.entrySet()));
  }

  /** The days whose backups are held, on the clocks of a database. */
  public HeldDays days(ZoneId zone) {
    return new HeldDays(from, to, zone);
  }
}
