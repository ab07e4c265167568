package io.keepset.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Which backups are kept. Rules are joined by "or"; the meaning is that of {@code restic forget
 * --keep-*}. Zero means "no such rule", never "delete all".
 *
 * @param tiers newest n calendar periods that hold a backup, by tier; only positive counts
 * @param last newest n
 * @param within by tier: the tier rule limited to backups younger than this, measured from the
 *     newest one; {@link Tier#ALL} keeps every backup of that age. Only positive durations
 * @param onDemand newest n on-demand and uploaded backups; {@link #FOREVER} keeps all, and so does
 *     0, which is read as FOREVER
 * @param minimum never fewer verified backups than this, whatever else says so
 * @param window for restores to a point in time: every backup that is younger, measured from now,
 *     and the newest one that is older, as all restores into the window begin with one of them. Not
 *     part of a retention in policy files; {@link Protection#rules} sets it
 */
public record Retention(
    int last,
    SortedMap<Tier, Integer> tiers,
    SortedMap<Tier, Duration> within,
    int onDemand,
    int minimum,
    Optional<Duration> window) {
  public static final int FOREVER = Integer.MAX_VALUE;

  /** A tier of the calendar. */
  public enum Tier {
    /** Every backup; only in {@link Retention#within}. */
    ALL(""),
    HOURLY("hourly"),
    DAILY("daily"),
    WEEKLY("weekly"),
    MONTHLY("monthly"),
    YEARLY("yearly");

    private final String word;

    Tier(String word) {
      this.word = word;
    }

    /** As it stands in policy files: {@code daily}; empty for {@link #ALL}. */
    public String word() {
      return word;
    }

    /** The key of the tier's within-rule: {@code within_daily}, {@code within}. */
    public String withinKey() {
      return this == ALL ? "within" : "within_" + word;
    }
  }

  public Retention {
    tiers = java.util.Collections.unmodifiableSortedMap(new java.util.TreeMap<>(tiers));
    within = java.util.Collections.unmodifiableSortedMap(new java.util.TreeMap<>(within));
    if (last < 0 || onDemand < 0 || minimum < 0) {
      throw new IllegalArgumentException("retention counts are 0 or more");
    }
    onDemand = onDemand == 0 ? FOREVER : onDemand;
  }

  /** As policy files say it. */
  public Retention(
      int last,
      SortedMap<Tier, Integer> tiers,
      SortedMap<Tier, Duration> within,
      int onDemand,
      int minimum) {
    this(last, tiers, within, onDemand, minimum, Optional.empty());
  }

  /** The same, for a protection with {@code point_in_time}. */
  Retention withWindow(Optional<Duration> newWindow) {
    return newWindow.equals(window)
        ? this
        : new Retention(last, tiers, within, onDemand, minimum, newWindow);
  }

  /** True if no rule says what scheduled backups to keep: then all of them are kept. */
  public boolean isEmpty() {
    return last == 0 && tiers.isEmpty() && within.isEmpty();
  }
}
