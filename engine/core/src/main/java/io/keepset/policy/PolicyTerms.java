package io.keepset.policy;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one policy decides about when backups are made and which of them stay.
 *
 * @param zone whose calendar the tiers mean
 * @param suspiciousBelowPercent a setting of its file
 */
public record PolicyTerms(
    String name,
    SortedMap<String, Schedule> schedules,
    Retention retention,
    Duration grace,
    ZoneId zone,
    int suspiciousBelowPercent) {
  public PolicyTerms {
    schedules = Collections.unmodifiableSortedMap(new TreeMap<>(schedules));
  }
}
