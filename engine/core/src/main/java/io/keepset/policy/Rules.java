package io.keepset.policy;

import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a policy decides, after all levels were laid over each other: the part of a {@link
 * Protection} that many databases share.
 */
record Rules(
    Timetable timetable,
    Retention retention,
    Optional<Duration> pointInTime,
    SortedMap<String, Copy> copies,
    boolean finalBackup,
    Duration grace,
    Objective objective) {

  static final Duration GRACE = Duration.ofDays(3);
  static final ZoneId ZONE = ZoneId.of("UTC");

  static Rules read(MapNode map, Reading reading) {
    return read(map, Optional.empty(), reading);
  }

  /**
   * @param timetable the schedules, if they are known already
   */
  static Rules read(MapNode map, Optional<Timetable> timetable, Reading reading) {
    ZoneId zone = reading.zone(map, "timezone").orElse(ZONE);
    MapNode objective = reading.map(map, "objective");
    return new Rules(
        timetable.orElseGet(
            () -> new Timetable(schedules(reading.map(map, "schedule"), zone, reading))),
        retention(reading.map(map, "retention"), reading),
        reading.duration(map, "point_in_time"),
        copies(reading.map(map, "copy"), reading),
        reading.flag(map, "final_backup").orElse(true),
        reading.duration(map, "grace").orElse(GRACE),
        new Objective(
            reading.duration(objective, "rpo"),
            reading.duration(objective, "rto"),
            reading.duration(objective, "verified_within")));
  }

  SortedMap<String, Schedule> schedules() {
    return timetable.schedules();
  }

  private static SortedMap<String, Schedule> schedules(
      MapNode map, ZoneId otherwise, Reading reading) {
    SortedMap<String, Schedule> schedules = new TreeMap<>();
    for (MapNode.Entry entry : map.entries()) {
      MapNode one = reading.map(map, entry.key());
      Optional<Cron> cron =
          reading
              .orTrouble(reading.text(one, "cron"))
              .flatMap(text -> reading.orTrouble(Cron.parse(text, null).valid()));
      ZoneId zone = reading.zone(one, "timezone").orElse(otherwise);
      Duration jitter = reading.duration(one, "jitter").orElse(Duration.ZERO);
      cron.ifPresent(
          when -> schedules.put(entry.key(), new Schedule(entry.key(), when, zone, jitter)));
    }
    return schedules;
  }

  static Retention retention(MapNode map, Reading reading) {
    SortedMap<Retention.Tier, Integer> tiers = new TreeMap<>();
    SortedMap<Retention.Tier, Duration> within = new TreeMap<>();
    for (Retention.Tier tier : Retention.Tier.values()) {
      if (tier != Retention.Tier.ALL) {
        reading
            .count(map, tier.word())
            .filter(count -> count > 0)
            .ifPresent(count -> tiers.put(tier, count));
      }
      reading
          .duration(map, tier.withinKey())
          .filter(age -> !age.isZero())
          .ifPresent(age -> within.put(tier, age));
    }
    return new Retention(
        reading.count(map, "last").orElse(0),
        tiers,
        within,
        forever(map)
            ? Retention.FOREVER
            : reading.count(map, "on_demand").orElse(Retention.FOREVER),
        reading.count(map, "minimum").orElse(1));
  }

  private static boolean forever(MapNode map) {
    Optional<Node> node = map.get("on_demand");
    return node.isPresent()
        && node.get() instanceof ScalarNode scalar
        && "forever".equals(scalar.value());
  }

  private static SortedMap<String, Copy> copies(MapNode map, Reading reading) {
    SortedMap<String, Copy> copies = new TreeMap<>();
    for (MapNode.Entry entry : map.entries()) {
      MapNode one = reading.map(map, entry.key());
      Retention retention = retention(reading.map(one, "retention"), reading);
      reading
          .orTrouble(reading.text(one, "to"))
          .ifPresent(to -> copies.put(entry.key(), new Copy(entry.key(), to, retention)));
    }
    return copies;
  }
}
