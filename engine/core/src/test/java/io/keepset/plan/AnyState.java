package io.keepset.plan;

import io.keepset.policy.Copy;
import io.keepset.policy.Cron;
import io.keepset.policy.Objective;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.policy.Schedule;
import io.keepset.policy.Suspension;
import io.keepset.policy.TargetId;
import io.keepset.testing.Any;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Protections of every shape, for the laws of planning. */
final class AnyState {
  private static final List<String> CRONS =
      List.of("0 2 * * *", "0 3 * * *", "30 */6 * * *", "0 2 * * 0", "@hourly", "0 2 1 * *");
  private static final List<String> ZONES = List.of("UTC", "Europe/Berlin", "America/New_York");

  private static final List<Tier> TIERS =
      List.of(Tier.HOURLY, Tier.DAILY, Tier.WEEKLY, Tier.MONTHLY, Tier.YEARLY);

  private AnyState() {}

  /** Up to eight databases by name, each on one of two platforms. */
  static List<Protection> databases(Random random) {
    Map<String, Protection> byName = new LinkedHashMap<>();
    for (Protection p : Any.list(random, 8, r -> protection(r, r.nextInt(8)))) {
      byName.putIfAbsent(p.name(), p);
    }
    return List.copyOf(byName.values());
  }

  /** Two protections of one database on one platform. */
  static List<Protection> pair(Random random) {
    return List.of(
        Samples.on("runner", protection(random, 1)), Samples.on("runner", protection(random, 1)));
  }

  private static Protection protection(Random random, int number) {
    return new Protection(
        new TargetId(Any.of(random, "runner", "runner", "aws-rds"), "db" + number),
        "postgresql",
        schedules(random),
        retention(random),
        Any.optional(random, 0.3, AnyState::duration),
        copies(random),
        random.nextBoolean(),
        duration(random),
        objective(random),
        Any.optional(random, 0.2, AnyState::suspension),
        Any.map(random, 2, r -> Any.of(r, "tier", "data"), r -> Any.text(r, 4)),
        Optional.of("main"),
        options(random),
        options(random));
  }

  private static TreeMap<String, Schedule> schedules(Random random) {
    TreeMap<String, Schedule> map = new TreeMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      String name = "s" + map.size();
      map.put(
          name,
          new Schedule(
              name,
              new Cron(Any.of(random, CRONS)),
              ZoneId.of(Any.of(random, ZONES)),
              Duration.ofMinutes(Any.of(random, 0, 20))));
    }
    return map;
  }

  private static Retention retention(Random random) {
    return new Retention(
        Any.of(random, 0, 0, 2, 7),
        Any.map(random, 3, r -> Any.of(r, TIERS), r -> Any.between(r, 1, 40)),
        Any.map(random, 1, r -> Any.of(r, Tier.values()), AnyState::duration),
        Any.of(random, 1, 3, Retention.FOREVER),
        Any.of(random, 0, 1, 3));
  }

  private static TreeMap<String, Copy> copies(Random random) {
    TreeMap<String, Copy> map = new TreeMap<>();
    if (Any.chance(random, 0.2)) {
      map.put("c", new Copy("c", Any.of(random, "dr", "far"), retention(random)));
    }
    return map;
  }

  private static Duration duration(Random random) {
    return Duration.ofDays(Any.between(random, 1, 90));
  }

  private static Objective objective(Random random) {
    return new Objective(
        Any.optional(random, 0.5, AnyState::duration),
        Optional.empty(),
        Any.optional(random, 0.5, AnyState::duration));
  }

  private static Suspension suspension(Random random) {
    return new Suspension(
        random.nextBoolean(),
        Any.of(random, "why", "because"),
        Optional.of(LocalDate.of(2027, Any.of(random, 1, 2), 1)));
  }

  private static Options options(Random random) {
    return Options.of(
        Any.map(
            random,
            3,
            r -> Any.of(r, "host", "user", "tls.ca", "exclude[0]"),
            r -> Any.text(r, 6)));
  }
}
