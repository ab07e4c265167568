package io.keepset.plan;

import io.keepset.policy.GuardRails;
import io.keepset.policy.Resolved;
import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a guard knows besides the plan.
 *
 * @param databases that are declared, by name
 * @param backups of the databases whose backups the plan had to know
 * @param holds for a backup the texts of the holds on it that no plan changes
 * @param restorable how many backups can be restored now, by platform; only of platforms where the
 *     plan costs some
 */
public record Circumstances(
    GuardRails rails,
    Precedents precedents,
    SortedMap<String, Resolved> databases,
    Map<TargetId, List<Backup>> backups,
    Function<Backup, List<String>> holds,
    SortedMap<String, Integer> restorable,
    Instant now) {
  public Circumstances {
    databases = Collections.unmodifiableSortedMap(new TreeMap<>(databases));
    backups = Map.copyOf(backups);
    restorable = Collections.unmodifiableSortedMap(new TreeMap<>(restorable));
  }

  /** The day on which dates in files are judged. */
  public LocalDate today() {
    return LocalDate.ofInstant(now, rails.zone());
  }
}
