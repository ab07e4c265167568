package io.keepset.policy;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A protection that sets everything, for tests of whoever must lose nothing of it. */
public final class ProtectionsForTests {
  private ProtectionsForTests() {}

  public static Protection full() {
    Retention retention =
        new Retention(
            2,
            new TreeMap<>(Map.of(Retention.Tier.DAILY, 30, Retention.Tier.YEARLY, 6)),
            new TreeMap<>(
                Map.of(
                    Retention.Tier.ALL, Duration.ofDays(3),
                    Retention.Tier.WEEKLY, Duration.ofDays(60))),
            Retention.FOREVER,
            3);
    Retention short_ = new Retention(0, new TreeMap<>(), new TreeMap<>(), 0, 0);
    return new Protection(
        new TargetId("runner", "orders"),
        "postgresql",
        new TreeMap<>(
            Map.of(
                "nightly",
                new Schedule(
                    "nightly",
                    new Cron("0 2 * * *"),
                    ZoneId.of("Europe/Berlin"),
                    Duration.ofMinutes(20)))),
        retention,
        Optional.of(Duration.ofDays(7)),
        new TreeMap<>(Map.of("dr", new Copy("dr", "frankfurt", short_))),
        false,
        Duration.ofHours(100),
        new Objective(
            Optional.of(Duration.ofHours(26)),
            Optional.of(Duration.ofSeconds(90)),
            Optional.of(Duration.ofDays(30))),
        Optional.of(new Suspension(true, "a reason", Optional.of(LocalDate.of(2027, 3, 31)))),
        new TreeMap<>(Map.of("tier", "prod")),
        Optional.of("main"),
        Options.of(Map.of("host", "db1", "tls.ca", "/ca")),
        Options.of(Map.of("exclude[0]", "tmp")));
  }
}
