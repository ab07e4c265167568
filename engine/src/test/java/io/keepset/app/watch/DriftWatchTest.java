package io.keepset.app.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.StateSettings;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Severity;
import io.keepset.plan.FieldChange;
import io.keepset.plan.Grade;
import io.keepset.plan.Revision;
import io.keepset.policy.TargetId;
import io.keepset.reconcile.Drift;
import io.keepset.reconcile.Drift.Item;
import io.keepset.reconcile.Drift.Kind;
import io.keepset.watch.Problem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftWatchTest {
  private static final Instant NOW = Instant.parse("2026-11-22T02:00:00Z");

  @TempDir private Path data;

  @Test
  void tellsWhatTheLastLookFoundUntilOneFindsNothing() throws Exception {
    try (StateDatabase state =
        StateDatabase.open(StateSettings.of(data, Map.of()), reference -> null)) {
      DriftWatch watch = new DriftWatch(state.declarations());
      assertThat(watch.problems(NOW)).isEmpty();

      watch.looked(drift());
      List<Problem> problems = new DriftWatch(state.declarations()).problems(NOW);

      assertThat(problems)
          .extracting(problem -> problem.severity() + " " + problem.code() + " " + problem.target())
          .containsExactly(
              "ERROR watch.drift changed",
              "ERROR watch.drift vanished",
              "WARNING watch.drift appeared",
              "WARNING watch.drift disowned",
              "ERROR watch.drift idle",
              "WARNING watch.undeclared undeclared",
              "WARNING watch.discovery instance/db1");
      assertThat(problems.get(0).message())
          .isEqualTo("is not as it was applied: retention.daily 30 -> 7");
      assertThat(problems).allMatch(problem -> problem.hint() != null);

      watch.looked(new Drift(drift().applied(), List.of(), List.of()));
      assertThat(watch.problems(NOW)).isEmpty();
    }
  }

  @Test
  void aChangeThatTakesNothingAwayIsWorthALookOnly() {
    Item item =
        new Item(
            Kind.CHANGED,
            new TargetId("runner", "orders"),
            List.of(
                new FieldChange(
                    "labels.tier",
                    Optional.empty(),
                    Optional.of("x"),
                    Grade.NEUTRAL,
                    Optional.empty())),
            Optional.empty());

    assertThat(DriftWatch.problems(new Drift(Optional.empty(), List.of(item), List.of())))
        .singleElement()
        .returns(Severity.WARNING, Problem::severity);
  }

  private static Drift drift() {
    List<Item> items = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      List<FieldChange> fields =
          kind == Kind.CHANGED
              ? List.of(
                  new FieldChange(
                      "retention.daily",
                      Optional.of("30"),
                      Optional.of("7"),
                      Grade.WEAKENS,
                      Optional.empty()))
              : List.of();
      items.add(
          new Item(kind, new TargetId("runner", kind.word()), fields, Optional.of("in words")));
    }
    return new Drift(
        Optional.of(new Drift.Applied(Revision.DIRECTORY, NOW)),
        items,
        List.of(
            Diagnostic.warning("plan.discovery", "db1 did not say", null)
                .withPointer("/instance/db1")
                .withHint("mend that")));
  }
}
