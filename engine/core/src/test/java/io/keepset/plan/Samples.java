package io.keepset.plan;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Cron;
import io.keepset.policy.Objective;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.policy.Schedule;
import io.keepset.policy.Suspension;
import io.keepset.policy.TargetId;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Protections, files and inventories to plan with. */
public final class Samples {
  private Samples() {}

  /** A database on the runner: nightly, 30 daily backups, three days of grace. */
  public static Protection nightly(String name) {
    return new Protection(
        new TargetId("runner", name),
        "postgresql",
        schedules("nightly", "0 2 * * *"),
        daily(30),
        Optional.empty(),
        new TreeMap<>(),
        true,
        Duration.ofDays(3),
        Objective.NONE,
        Optional.empty(),
        new TreeMap<>(),
        Optional.of("main"),
        Options.of(Map.of("host", "db1", "database", name)),
        Options.NONE);
  }

  public static SortedMap<String, Schedule> schedules(String name, String cron) {
    return new TreeMap<>(
        Map.of(
            name, new Schedule(name, new Cron(cron), ZoneId.of("Europe/Berlin"), Duration.ZERO)));
  }

  public static Retention daily(int count) {
    return retention(0, Map.of(Tier.DAILY, count));
  }

  public static Retention retention(int last, Map<Tier, Integer> tiers) {
    return new Retention(last, new TreeMap<>(tiers), new TreeMap<>(), Retention.FOREVER, 1);
  }

  public static Protection with(Protection p, Retention retention) {
    return p.change().retention(retention).build();
  }

  public static Protection with(Protection p, SortedMap<String, Schedule> schedules) {
    return p.change().schedules(schedules).build();
  }

  public static Protection with(Protection p, Suspension suspension) {
    return p.change().suspension(Optional.of(suspension)).build();
  }

  public static Protection on(String platform, Protection p) {
    return p.change().target(new TargetId(platform, p.name())).build();
  }

  public static Resolved resolved(Protection protection) {
    return new Resolved(
        protection,
        "gold",
        new TreeMap<>(),
        new Location("policies/" + protection.name() + ".yaml", 7, 3));
  }

  public static Desired desired(Protection... protections) {
    TreeMap<String, Resolved> databases = new TreeMap<>();
    for (Protection protection : protections) {
      databases.put(protection.name(), resolved(protection));
    }
    return new Desired(Revision.DIRECTORY, databases, new TreeMap<>(), List.of());
  }

  /** All of them owned, by platform. */
  public static Map<String, Inventory> live(Protection... protections) {
    return live(UnaryOperator.identity(), protections);
  }

  public static Map<String, Inventory> live(
      UnaryOperator<LiveTarget> asFound, Protection... protections) {
    TreeMap<String, SortedMap<String, LiveTarget>> byPlatform = new TreeMap<>();
    for (Protection p : protections) {
      byPlatform
          .computeIfAbsent(p.target().platform(), unused -> new TreeMap<>())
          .put(p.name(), asFound.apply(new LiveTarget(p.target(), Optional.of(p), true)));
    }
    TreeMap<String, Inventory> inventories = new TreeMap<>();
    byPlatform.forEach((platform, targets) -> inventories.put(platform, new Inventory(targets)));
    return inventories;
  }
}
