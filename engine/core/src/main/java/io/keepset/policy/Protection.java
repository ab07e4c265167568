package io.keepset.policy;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Policy and overrides resolved for one database: what is compared. Desired and actual protection
 * have this one type; positions stay out of it.
 *
 * @param store name of the store; empty on platforms that keep backups themselves
 * @param grace how long an expired backup stays restorable before it is deleted
 * @param connection how to reach the database (engine's schema, part {@code connection})
 * @param options of engine and platform (their schemas, part {@code options}), how the store is set
 *     up, see {@link StoreFields}, and the holds in files, see {@link HoldFields}
 */
public record Protection(
    TargetId target,
    String engine,
    SortedMap<String, Schedule> schedules,
    Retention retention,
    Optional<Duration> pointInTime,
    SortedMap<String, Copy> copies,
    boolean finalBackup,
    Duration grace,
    Objective objective,
    Optional<Suspension> suspension,
    SortedMap<String, String> labels,
    Optional<String> store,
    Options connection,
    Options options) {
  public Protection {
    schedules = Collections.unmodifiableSortedMap(new TreeMap<>(schedules));
    copies = Collections.unmodifiableSortedMap(new TreeMap<>(copies));
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /** The same, for somebody to say what is different. */
  public ProtectionBuilder change() {
    return new ProtectionBuilder(this);
  }

  /** The same rules for something else. */
  public Protection as(TargetId other, Options otherConnection) {
    return change().target(other).connection(otherConnection).build();
  }

  /** The same with other options. */
  public Protection withOptions(Options newOptions) {
    return change().options(newOptions).build();
  }

  /** What decides which of its own backups are kept: its retention, and its window. */
  public Retention rules() {
    return retention.withWindow(pointInTime);
  }

  public String name() {
    return target.name();
  }

  /** Whose calendar the tiers of retention mean: that of the first schedule by name, or UTC. */
  public ZoneId zone() {
    for (Schedule schedule : schedules.values()) {
      return schedule.zone();
    }
    return ZoneOffset.UTC;
  }
}
