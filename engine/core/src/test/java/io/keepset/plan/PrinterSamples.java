package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.policy.Mode;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupBuilder;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The plan that the design shows, and others that are hard to print. */
final class PrinterSamples {
  static final List<Diagnostic> REFUSED =
      List.of(Diagnostic.error("guard.weakening", "orders weakens and needs an approval", null));

  private PrinterSamples() {}

  /** One that weakens, one that is new, one that nobody declared, one that is as declared. */
  static Plan design() {
    List<Change> changes = new ArrayList<>();
    changes.add(
        new Change(
            Action.UNDECLARED,
            new TargetId("aws-rds", "legacy"),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Impact.NONE,
            List.of(),
            List.of(),
            Optional.empty()));
    changes.add(weakening("orders"));
    changes.add(
        Planner.compare(
                Samples.desired(Samples.nightly("billing")),
                Samples.live(Samples.nightly("billing")),
                Mode.FULL)
            .changes()
            .get(0));
    changes.add(created());
    changes.sort(java.util.Comparator.comparing(Change::target));
    return new Plan(new Revision("3fa9c1e0aa", false), Mode.FULL, changes, List.of());
  }

  static Change weakening(String name) {
    Location at = new Location("policies/" + name + ".yaml", 7, 3);
    List<Backup> going = new ArrayList<>();
    for (int day = 0; day < 23; day++) {
      going.add(backup(name, Instant.parse("2026-10-22T00:07:00Z").plus(Duration.ofDays(day))));
    }
    Protection before = Samples.nightly(name);
    return new Change(
        Action.UPDATE,
        before.target(),
        Optional.of(before),
        Optional.of(Samples.with(before, Samples.daily(7))),
        List.of(
            new FieldChange(
                "retention.daily",
                Optional.of("30"),
                Optional.of("7"),
                Grade.WEAKENS,
                Optional.of(at))),
        impact(name, going),
        List.of(),
        List.of(),
        Optional.of(at));
  }

  private static Impact impact(String name, List<Backup> going) {
    Instant now = Instant.parse("2026-11-21T20:07:00Z");
    List<Casualty> casualties = new ArrayList<>();
    for (Backup backup : going) {
      casualties.add(
          new Casualty(
              backup,
              Onset.AT_ONCE,
              Optional.of(now),
              Optional.of(now.plus(Duration.ofDays(3))),
              Optional.empty()));
    }
    List<Backup> left = new ArrayList<>();
    for (int day = 14; day < 22; day++) {
      left.add(backup(name, Instant.parse("2026-11-" + day + "T01:07:00Z")));
    }
    List<Backup> before = new ArrayList<>(going);
    before.addAll(left);
    return new Impact(
        casualties,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        41,
        Duration.ofDays(3),
        Span.of(before, now),
        Span.of(left, now),
        List.of());
  }

  private static Change created() {
    Retention everything = Samples.retention(0, Map.of());
    Protection redis = Samples.with(Samples.nightly("sessions"), everything);
    Protection after =
        new Protection(
            redis.target(),
            "redis",
            redis.schedules(),
            everything,
            Optional.empty(),
            new TreeMap<>(),
            true,
            Duration.ofDays(3),
            redis.objective(),
            Optional.empty(),
            new TreeMap<>(),
            redis.store(),
            redis.connection(),
            redis.options());
    return new Change(
        Action.CREATE,
        after.target(),
        Optional.empty(),
        Optional.of(after),
        List.of(
            new FieldChange(
                "engine", Optional.empty(), Optional.of("redis"), Grade.NEUTRAL, Optional.empty())),
        Impact.NONE,
        List.of(
            new NextRun(
                "nightly",
                ZonedDateTime.of(2026, 11, 22, 2, 13, 0, 0, ZoneId.of("Europe/Berlin")))),
        List.of(),
        Optional.of(new Location("policies/cache.hcl", 1, 1)));
  }

  static Backup backup(String database, Instant time) {
    return new BackupBuilder(
            database + "-" + time,
            database,
            "postgresql",
            BackupKind.SCHEDULED,
            BackupState.CREATED,
            time)
        .finished(Optional.of(time))
        .size(OptionalLong.of(365_000_000))
        .verifiedAt(Optional.of(time))
        .store(Optional.of("main"))
        .build();
  }
}
