package io.keepset.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.GuardRails;
import io.keepset.policy.Mode;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupBuilder;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.CopyOf;
import io.keepset.retention.KeepSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MinimumGuardTest {
  @Test
  void copiesStandInForNoOriginal() {
    Protection before = Samples.with(Samples.nightly("a"), onDemand(3, 3));
    Protection after = Samples.with(Samples.nightly("a"), onDemand(1, 1));
    List<Backup> all = new ArrayList<>();
    for (int day = 1; day <= 3; day++) {
      Instant time = GuardSamples.NOW.minus(Duration.ofDays(day));
      all.add(backup("o" + day, BackupKind.ON_DEMAND, "main", time, Optional.empty()));
      all.add(
          backup(
              "c" + day, BackupKind.COPY, "far", time, Optional.of(new CopyOf("o" + day, "dr"))));
    }
    Map<TargetId, List<Backup>> backups = Map.of(after.target(), all);
    Plan plan =
        Weighing.weigh(
            Planner.compare(Samples.desired(after), Samples.live(before), Mode.FULL),
            new Stock(backups, KeepSet::noHolds, Map.of()),
            GuardSamples.NOW,
            0);

    List<Objection> objections =
        new MinimumGuard()
            .check(
                plan,
                new Circumstances(
                    GuardRails.NONE,
                    Precedents.NONE,
                    new TreeMap<>(),
                    backups,
                    KeepSet::noHolds,
                    new TreeMap<>(),
                    GuardSamples.NOW));

    assertThat(plan.changes().get(0).impact().casualties()).hasSize(2);
    assertThat(objections).hasSize(1);
    assertThat(objections.get(0).rest()).contains("keep 1 of 3 verified backups");
  }

  private static Retention onDemand(int count, int minimum) {
    return new Retention(0, new TreeMap<>(Map.of(Tier.DAILY, 30)), new TreeMap<>(), count, minimum);
  }

  private static Backup backup(
      String id, BackupKind kind, String store, Instant time, Optional<CopyOf> of) {
    return new BackupBuilder(id, "a", "postgresql", kind, BackupState.CREATED, time)
        .finished(Optional.of(time))
        .size(OptionalLong.of(1))
        .storedSize(OptionalLong.of(1))
        .verifiedAt(Optional.of(time))
        .store(Optional.of(store))
        .copyOf(of)
        .build();
  }
}
