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
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Protections of every shape, for the laws of planning. */
final class AnyState {
  private static final List<String> CRONS =
      List.of("0 2 * * *", "0 3 * * *", "30 */6 * * *", "0 2 * * 0", "@hourly", "0 2 1 * *");
  private static final List<String> ZONES = List.of("UTC", "Europe/Berlin", "America/New_York");

  private AnyState() {}

  /** Up to eight databases by name, each on one of two platforms. */
  static Arbitrary<List<Protection>> databases() {
    return Arbitraries.integers()
        .between(0, 7)
        .flatMap(AnyState::protection)
        .list()
        .ofMaxSize(8)
        .map(AnyState::onePerName);
  }

  private static List<Protection> onePerName(List<Protection> protections) {
    Map<String, Protection> byName = new LinkedHashMap<>();
    protections.forEach(p -> byName.putIfAbsent(p.name(), p));
    return List.copyOf(byName.values());
  }

  /** Two protections of one database on one platform. */
  static Arbitrary<List<Protection>> pair() {
    return protection(1).map(p -> Samples.on("runner", p)).list().ofSize(2);
  }

  private static Arbitrary<Protection> protection(int number) {
    Arbitrary<Protection> base =
        Combinators.combine(
                Arbitraries.of("runner", "runner", "aws-rds"),
                schedules(),
                retention(),
                duration().optional(0.3),
                copies(),
                Arbitraries.of(true, false),
                duration(),
                options())
            .as(
                (platform, schedules, retention, pit, copies, last, grace, options) ->
                    new Protection(
                        new TargetId(platform, "db" + number),
                        "postgresql",
                        schedules,
                        retention,
                        pit,
                        copies,
                        last,
                        grace,
                        Objective.NONE,
                        Optional.empty(),
                        new TreeMap<>(),
                        Optional.of("main"),
                        options,
                        Options.NONE));
    return Combinators.combine(base, objective(), suspension().optional(0.2), labels(), options())
        .as(
            (p, objective, off, labels, options) ->
                new Protection(
                    p.target(),
                    p.engine(),
                    p.schedules(),
                    p.retention(),
                    p.pointInTime(),
                    p.copies(),
                    p.finalBackup(),
                    p.grace(),
                    objective,
                    off,
                    labels,
                    p.store(),
                    p.connection(),
                    options));
  }

  private static Arbitrary<TreeMap<String, Schedule>> schedules() {
    return Combinators.combine(Arbitraries.of(CRONS), Arbitraries.of(ZONES), Arbitraries.of(0, 20))
        .as(
            (cron, zone, jitter) ->
                new Schedule("x", new Cron(cron), ZoneId.of(zone), Duration.ofMinutes(jitter)))
        .list()
        .ofMaxSize(2)
        .map(
            list -> {
              TreeMap<String, Schedule> map = new TreeMap<>();
              for (Schedule s : list) {
                String name = "s" + map.size();
                map.put(name, new Schedule(name, s.cron(), s.zone(), s.jitter()));
              }
              return map;
            });
  }

  private static Arbitrary<Retention> retention() {
    Arbitrary<Map<Tier, Integer>> tiers =
        Arbitraries.maps(
                Arbitraries.of(Tier.HOURLY, Tier.DAILY, Tier.WEEKLY, Tier.MONTHLY, Tier.YEARLY),
                Arbitraries.integers().between(1, 40))
            .ofMaxSize(3);
    Arbitrary<Map<Tier, Duration>> within =
        Arbitraries.maps(Arbitraries.of(Tier.values()), duration()).ofMaxSize(1);
    return Combinators.combine(
            Arbitraries.of(0, 0, 2, 7),
            tiers,
            within,
            Arbitraries.of(1, 3, Retention.FOREVER),
            Arbitraries.of(0, 1, 3))
        .as(
            (last, t, w, onDemand, minimum) ->
                new Retention(last, new TreeMap<>(t), new TreeMap<>(w), onDemand, minimum));
  }

  private static Arbitrary<TreeMap<String, Copy>> copies() {
    return Combinators.combine(Arbitraries.of("dr", "far"), retention())
        .as((to, retention) -> new Copy("c", to, retention))
        .optional(0.2)
        .map(
            copy -> {
              TreeMap<String, Copy> map = new TreeMap<>();
              copy.ifPresent(c -> map.put(c.name(), c));
              return map;
            });
  }

  private static Arbitrary<Duration> duration() {
    return Arbitraries.integers().between(1, 90).map(Duration::ofDays);
  }

  private static Arbitrary<Objective> objective() {
    return Combinators.combine(duration().optional(0.5), duration().optional(0.5))
        .as((rpo, verified) -> new Objective(rpo, Optional.empty(), verified));
  }

  private static Arbitrary<Suspension> suspension() {
    return Combinators.combine(
            Arbitraries.of(true, false), Arbitraries.of("why", "because"), Arbitraries.of(1, 2))
        .as(
            (disabled, reason, month) ->
                new Suspension(disabled, reason, Optional.of(LocalDate.of(2027, month, 1))));
  }

  private static Arbitrary<TreeMap<String, String>> labels() {
    return Arbitraries.maps(
            Arbitraries.of("tier", "data"), Arbitraries.strings().ofMaxLength(4).ascii())
        .ofMaxSize(2)
        .map(TreeMap::new);
  }

  private static Arbitrary<Options> options() {
    return Arbitraries.maps(
            Arbitraries.of("host", "user", "tls.ca", "exclude[0]"),
            Arbitraries.strings().ofMaxLength(6))
        .ofMaxSize(3)
        .map(Options::of);
  }
}
