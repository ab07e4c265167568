package io.keepset.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Mode;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HoldGuardTest {
  @Test
  void aHeldDatabaseDoesNotMoveToAnotherStoreEvenWithAnApproval() {
    Protection before = held(Samples.nightly("a"));
    Protection after = store(held(Samples.nightly("a")), "other");
    Plan plan = Planner.compare(Samples.desired(after), Samples.live(before), Mode.FULL);

    List<Objection> objections = new HoldGuard().check(plan, GuardSamples.circumstances(plan));

    assertThat(objections).hasSize(1);
    assertThat(objections.get(0).change()).isEmpty();
    assertThat(objections.get(0).rest()).contains("can't move", "hold case-1234");
  }

  @Test
  void theEndOfAHoldNeedsAnApproval() {
    Plan plan =
        Planner.compare(
            Samples.desired(Samples.nightly("a")),
            Samples.live(held(Samples.nightly("a"))),
            Mode.FULL);

    Verdict verdict = Guards.judge(Guards.always(), plan, GuardSamples.circumstances(plan));

    assertThat(verdict.refusals()).extracting(Diagnostic::code).containsOnly("guard.hold");
    assertThat(verdict.request().orElseThrow().approval().changes())
        .containsExactly("a.hold.case-1234");
  }

  private static Protection store(Protection p, String store) {
    return p.change().store(Optional.of(store)).build();
  }

  private static Protection held(Protection protection) {
    TreeMap<String, String> options = new TreeMap<>(protection.options().values());
    options.putAll(Map.of("hold.case-1234", "all backups"));
    return protection.withOptions(new Options(options));
  }
}
