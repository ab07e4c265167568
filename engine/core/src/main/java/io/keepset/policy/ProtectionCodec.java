package io.keepset.policy;

import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A protection as a tree in the words of the policy language, and back, without loss. The tree of
 * {@code connection} and {@code options} is flat and all text, as {@link Options} is.
 */
public final class ProtectionCodec {
  private ProtectionCodec() {}

  public static MapNode encode(Protection protection) {
    MapBuilder map = new MapBuilder();
    map.put("name", protection.name());
    map.put("engine", protection.engine());
    map.put("platform", protection.target().platform());
    protection.store().ifPresent(store -> map.put("store", store));
    MapBuilder schedules = new MapBuilder();
    protection.schedules().forEach((name, schedule) -> schedules.put(name, encode(schedule)));
    map.put("schedule", schedules);
    map.put("retention", encode(protection.retention()));
    protection
        .pointInTime()
        .ifPresent(window -> map.put("point_in_time", Durations.format(window)));
    MapBuilder copies = new MapBuilder();
    protection
        .copies()
        .forEach(
            (name, copy) -> {
              MapBuilder one = new MapBuilder();
              one.put("to", copy.to());
              one.put("retention", encode(copy.retention()));
              copies.put(name, one);
            });
    map.put("copy", copies);
    map.put("final_backup", protection.finalBackup());
    map.put("grace", Durations.format(protection.grace()));
    MapBuilder objective = new MapBuilder();
    protection.objective().rpo().ifPresent(rpo -> objective.put("rpo", Durations.format(rpo)));
    protection.objective().rto().ifPresent(rto -> objective.put("rto", Durations.format(rto)));
    protection
        .objective()
        .verifiedWithin()
        .ifPresent(age -> objective.put("verified_within", Durations.format(age)));
    map.put("objective", objective);
    protection.suspension().ifPresent(suspension -> map.put("backups", encode(suspension)));
    map.put("labels", texts(protection.labels()));
    map.put("connection", texts(protection.connection().values()));
    map.put("options", texts(protection.options().values()));
    return map.build();
  }

  private static MapBuilder encode(Schedule schedule) {
    MapBuilder map = new MapBuilder();
    map.put("cron", schedule.cron().text());
    map.put("timezone", schedule.zone().getId());
    map.put("jitter", Durations.format(schedule.jitter()));
    return map;
  }

  static MapBuilder encode(Retention retention) {
    MapBuilder map = new MapBuilder();
    map.put("last", retention.last());
    retention.tiers().forEach((tier, count) -> map.put(tier.word(), (int) count));
    retention.within().forEach((tier, age) -> map.put(tier.withinKey(), Durations.format(age)));
    if (retention.onDemand() == Retention.FOREVER) {
      map.put("on_demand", "forever");
    } else {
      map.put("on_demand", retention.onDemand());
    }
    map.put("minimum", retention.minimum());
    return map;
  }

  private static MapBuilder encode(Suspension suspension) {
    MapBuilder map = new MapBuilder();
    map.put(suspension.disabled() ? "disabled" : "paused", true);
    map.put("reason", suspension.reason());
    suspension.until().ifPresent(day -> map.put("until", day.toString()));
    return map;
  }

  private static MapBuilder texts(SortedMap<String, String> values) {
    MapBuilder map = new MapBuilder();
    values.forEach((key, value) -> map.put(key, value));
    return map;
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if the tree holds anything else; it is ours, so that is a bug
   *     or a damaged file
   */
  public static Protection decode(MapNode map) {
    Reading reading = new Reading();
    Rules rules = Rules.read(map, reading);
    Protection protection =
        new Protection(
            new TargetId(required(reading, map, "platform"), required(reading, map, "name")),
            required(reading, map, "engine"),
            rules.schedules(),
            rules.retention(),
            rules.pointInTime(),
            rules.copies(),
            rules.finalBackup(),
            rules.grace(),
            rules.objective(),
            suspension(map, reading),
            new TreeMap<>(reading.flat(reading.map(map, "labels"))),
            reading.text(map, "store"),
            new Options(reading.flat(reading.map(map, "connection"))),
            new Options(reading.flat(reading.map(map, "options"))));
    if (reading.trouble()) {
      throw new IllegalArgumentException("not an encoded protection: " + map);
    }
    return protection;
  }

  private static String required(Reading reading, MapNode map, String key) {
    return reading
        .text(map, key)
        .orElseThrow(
            () -> new IllegalArgumentException("encoded protection has no " + key + ": " + map));
  }

  static Optional<Suspension> suspension(MapNode map, Reading reading) {
    MapNode backups = reading.map(map, "backups");
    boolean disabled = reading.flag(backups, "disabled").orElse(false);
    boolean paused = reading.flag(backups, "paused").orElse(false);
    return disabled || paused
        ? Optional.of(
            new Suspension(
                disabled,
                reading.text(backups, "reason").orElse(""),
                reading.day(backups, "until")))
        : Optional.empty();
  }
}
