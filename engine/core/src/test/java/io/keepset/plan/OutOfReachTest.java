package io.keepset.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Mode;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.StoreFields;
import io.keepset.policy.TargetId;
import io.keepset.reconcile.DesiredState;
import io.keepset.retention.Backup;
import io.keepset.runner.Samples;
import io.keepset.source.SourceFile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A store that moves leaves behind what lies in it, originals and copies alike. */
class OutOfReachTest {
  private static final Backup ORIGINAL =
      Samples.created("files", Samples.NOON.minus(Duration.ofDays(1)));
  private static final Backup COPY = Samples.copyOf(ORIGINAL, "far", "far");

  @Test
  void copiesInTheStoreThatMovesAreLeftBehind() {
    Impact impact = impact("/var/main", "/mnt/elsewhere");

    assertThat(impact.outOfReach()).containsExactly(COPY);
    assertThat(impact.effects()).anyMatch(said -> said.contains("store far moves"));
  }

  @Test
  void soAreOriginals() {
    assertThat(impact("/srv/elsewhere", "/mnt/far").outOfReach()).containsExactly(ORIGINAL);
  }

  @Test
  void bothIfBothMove() {
    assertThat(impact("/srv/elsewhere", "/mnt/elsewhere").outOfReach())
        .containsExactlyInAnyOrder(ORIGINAL, COPY);
  }

  private static Impact impact(String main, String far) {
    PolicySet before = policies("/var/main", "/mnt/far");
    Protection live =
        StoreFields.add(before.protections().get("files").protection(), before.stores());
    TargetId target = live.target();
    Map<String, Inventory> there =
        Map.of(
            "runner",
            new Inventory(
                new TreeMap<>(Map.of("files", new LiveTarget(target, Optional.of(live), true)))));
    Plan plan =
        Planner.compare(
            DesiredState.of(Revision.DIRECTORY, policies(main, far), List.of()), there, Mode.FULL);
    Stock stock = new Stock(Map.of(target, List.of(ORIGINAL, COPY)), backup -> List.of(), Map.of());
    return Weighing.weigh(plan, stock, Samples.NOON, 0).changes().get(0).impact();
  }

  private static PolicySet policies(String main, String far) {
    String text =
        """
        policy:
          gold:
            schedule: {nightly: {cron: "0 2 * * *", timezone: UTC}}
            retention: {daily: 30}
            copy: {far: {to: far, retention: {daily: 30}}}
        database:
          files: {engine: volume, policy: gold, store: main, connection: {path: /srv/files}}
        store:
          main: {type: directory, path: %s}
          far: {type: directory, path: %s}
        """
            .formatted(main, far);
    return new PolicyLoader()
        .load(List.of(new SourceFile("a.yaml", text.getBytes(StandardCharsets.UTF_8))))
        .valid()
        .orElseThrow();
  }
}
