package io.keepset.reconcile;

import static io.keepset.plan.Samples.daily;
import static io.keepset.plan.Samples.desired;
import static io.keepset.plan.Samples.nightly;
import static io.keepset.plan.Samples.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.platform.memory.MemoryPlatform;
import io.keepset.plan.Casualty;
import io.keepset.plan.Change;
import io.keepset.plan.Guards;
import io.keepset.plan.Onset;
import io.keepset.plan.Precedents;
import io.keepset.plan.RetentionReach;
import io.keepset.policy.Mode;
import io.keepset.retention.BackupKind;
import io.keepset.spi.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same change on platforms whose retention reaches back differently. */
class RetentionReachTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant NEXT_RUN = Instant.parse("2026-11-22T01:00:00Z");

  private Instant clock = NOW;

  @Test
  void reachesBackAtOnce() throws Exception {
    Change change = shortened(RetentionReach.REACHES_BACK);

    assertThat(change.impact().expiring()).hasSize(23);
    assertThat(change.impact().casualties())
        .allMatch(c -> c.onset() == Onset.AT_ONCE)
        .allMatch(c -> c.expires().orElseThrow().equals(NOW))
        .allMatch(c -> c.deleted().orElseThrow().equals(NOW.plus(Duration.ofDays(3))));
    assertThat(change.impact().effects()).isEmpty();
  }

  @Test
  void reachesBackWithTheNextRun() throws Exception {
    Change change = shortened(RetentionReach.NEXT_RUN);

    assertThat(change.impact().casualties())
        .hasSize(23)
        .allMatch(c -> c.onset() == Onset.NEXT_RUN)
        .extracting(Casualty::expires)
        .allMatch(at -> at.orElseThrow().equals(NEXT_RUN));
    assertThat(change.impact().effects())
        .containsExactly("retention on runner reaches back to old backups with the next run");
  }

  @ParameterizedTest
  @EnumSource(
      value = RetentionReach.class,
      names = {"NEW_ONLY", "NEVER"})
  void costsNoOldBackupWhereRetentionDoesNotReachBack(RetentionReach reach) throws Exception {
    Change change = shortened(reach);

    assertThat(change.impact().costs()).isFalse();
    assertThat(change.impact().after()).isEqualTo(change.impact().before());
    assertThat(change.impact().effects()).containsExactly("retention on runner " + reach.words());
    assertThat(change.weakens()).as("backups to come are kept for less").isTrue();
  }

  private Change shortened(RetentionReach reach) throws Exception {
    MemoryPlatform platform = new MemoryPlatform("runner", () -> clock, reach);
    Reconciler reconciler =
        new Reconciler(
            Map.of("runner", platform),
            Guards.always(),
            Retry.usual(duration -> {}),
            Precedents.NONE);
    for (int day = 29; day >= 0; day--) {
      clock = NOW.minus(Duration.ofDays(day));
      reconciler.run(desired(nightly("a")), Mode.FULL, clock);
      platform.operations().orElseThrow().create("a", BackupKind.SCHEDULED, Progress.NONE);
    }
    return reconciler
        .propose(desired(with(nightly("a"), daily(7))), Mode.FULL, NOW, 1)
        .plan()
        .changes()
        .get(0);
  }
}
