package io.keepset.watch;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known about one protected database when it is judged.
 *
 * @param backups in any order and state; DELETED ones may be missing
 * @param schedules those that somebody runs, by name; one that the protection has and this has not
 *     is run by nobody
 * @param restore how long its last restore took, if it is known
 */
public record Watched(
    Protection protection,
    List<Backup> backups,
    SortedMap<String, ScheduleState> schedules,
    Optional<Measured> restore) {
  public Watched {
    backups = List.copyOf(backups);
    schedules = Collections.unmodifiableSortedMap(new TreeMap<>(schedules));
  }

  public String name() {
    return protection.name();
  }
}
