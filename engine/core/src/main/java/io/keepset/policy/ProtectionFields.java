package io.keepset.policy;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A protection as a flat map from field path to canonical text, the form in which two protections
 * are compared and printed: {@code retention.daily -> 30}, {@code schedule.nightly.cron -> 0 2 * *
 * *}, {@code connection.host -> db1}. Absent fields have no entry.
 *
 * <p>Two protections of one database have the same fields exactly when they are equal. The name of
 * the database is what identifies a protection, so it is not a field of it.
 */
public final class ProtectionFields {
  private final SortedMap<String, String> fields = new TreeMap<>();

  private ProtectionFields() {}

  public static SortedMap<String, String> of(Protection protection) {
    ProtectionFields all = new ProtectionFields();
    all.put("engine", protection.engine());
    all.put("platform", protection.target().platform());
    protection.store().ifPresent(store -> all.put("store", store));
    protection.schedules().forEach((name, schedule) -> all.schedule("schedule." + name, schedule));
    all.retention("retention", protection.retention());
    protection.pointInTime().ifPresent(window -> all.put("point_in_time", window));
    protection
        .copies()
        .forEach(
            (name, copy) -> {
              all.put("copy." + name + ".to", copy.to());
              all.retention("copy." + name + ".retention", copy.retention());
            });
    all.put("final_backup", String.valueOf(protection.finalBackup()));
    all.put("grace", protection.grace());
    all.objective(protection.objective());
    protection.suspension().ifPresent(all::suspension);
    protection.labels().forEach((key, value) -> all.put("labels." + key, value));
    protection.connection().values().forEach((key, value) -> all.put("connection." + key, value));
    protection
        .options()
        .values()
        .forEach((key, value) -> all.put(isOwnPath(key) ? key : "options." + key, value));
    return all.fields;
  }

  /** What other blocks say about a database stands among its options, under its own path. */
  private static boolean isOwnPath(String key) {
    return key.startsWith(StoreFields.PREFIX)
        || key.startsWith(HoldFields.PREFIX)
        || key.startsWith(ComplianceFields.PREFIX);
  }

  private void put(String path, String value) {
    fields.put(path, value);
  }

  private void put(String path, Duration value) {
    fields.put(path, Durations.format(value));
  }

  private void schedule(String path, Schedule schedule) {
    put(path + ".cron", schedule.cron().text());
    put(path + ".timezone", schedule.zone().getId());
    if (!schedule.jitter().isZero()) {
      put(path + ".jitter", schedule.jitter());
    }
  }

  private void retention(String path, Retention retention) {
    if (retention.last() > 0) {
      put(path + ".last", String.valueOf(retention.last()));
    }
    retention
        .tiers()
        .forEach((tier, count) -> put(path + "." + tier.word(), String.valueOf(count)));
    retention.within().forEach((tier, age) -> put(path + "." + tier.withinKey(), age));
    put(path + ".on_demand", onDemand(retention));
    put(path + ".minimum", String.valueOf(retention.minimum()));
  }

  static String onDemand(Retention retention) {
    return retention.onDemand() == Retention.FOREVER
        ? "forever"
        : String.valueOf(retention.onDemand());
  }

  private void objective(Objective objective) {
    objective.rpo().ifPresent(rpo -> put("objective.rpo", rpo));
    objective.rto().ifPresent(rto -> put("objective.rto", rto));
    objective.verifiedWithin().ifPresent(age -> put("objective.verified_within", age));
  }

  private void suspension(Suspension suspension) {
    put(suspension.disabled() ? "backups.disabled" : "backups.paused", "true");
    put("backups.reason", suspension.reason());
    suspension.until().ifPresent(day -> put("backups.until", day.toString()));
  }
}
