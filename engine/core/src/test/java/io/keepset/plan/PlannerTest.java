package io.keepset.plan;

import static io.keepset.plan.Samples.daily;
import static io.keepset.plan.Samples.desired;
import static io.keepset.plan.Samples.live;
import static io.keepset.plan.Samples.nightly;
import static io.keepset.plan.Samples.on;
import static io.keepset.plan.Samples.schedules;
import static io.keepset.plan.Samples.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.policy.Mode;
import io.keepset.policy.Origin;
import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlannerTest {
  @Test
  void createsWhatIsDeclaredAndNotThere() {
    Plan plan = Planner.compare(desired(nightly("orders")), Map.of(), Mode.FULL);

    assertThat(plan.changes()).singleElement().returns(Action.CREATE, Change::action);
    assertThat(plan.changes().get(0).weakens()).isFalse();
  }

  @Test
  void leavesAloneWhatIsAsDeclared() {
    Plan plan = Planner.compare(desired(nightly("orders")), live(nightly("orders")), Mode.FULL);

    assertThat(plan.changes()).singleElement().returns(Action.NONE, Change::action);
    assertThat(plan.hasChanges()).isFalse();
  }

  @Test
  void namesEachFieldThatDiffersFromOldToNew() {
    Protection shorter = with(nightly("orders"), daily(7));

    Plan plan = Planner.compare(desired(shorter), live(nightly("orders")), Mode.FULL);

    assertThat(plan.changes().get(0).fields())
        .containsExactly(
            new FieldChange(
                "retention.daily",
                Optional.of("30"),
                Optional.of("7"),
                Grade.WEAKENS,
                Optional.of(new Location("policies/orders.yaml", 7, 3))));
  }

  @Test
  void pointsAtTheLineThatSetTheField() {
    Location line = new Location("policies/gold.yaml", 4, 5);
    Resolved orders =
        new Resolved(
            with(nightly("orders"), daily(7)),
            "gold",
            new TreeMap<>(Map.of("retention.daily", new Origin("policy gold", line))),
            new Location("policies/orders.yaml", 7, 3));
    Desired desired =
        new Desired(
            Revision.DIRECTORY,
            new TreeMap<>(Map.of("orders", orders)),
            new TreeMap<>(),
            List.of());

    Plan plan = Planner.compare(desired, live(nightly("orders")), Mode.FULL);

    assertThat(plan.changes().get(0).fields().get(0).declaredAt()).contains(line);
  }

  @Test
  void endsWhatIsOursAndNoLongerDeclared() {
    Plan plan = Planner.compare(desired(), live(nightly("orders")), Mode.FULL);

    assertThat(plan.changes()).singleElement().returns(Action.DELETE, Change::action);
    assertThat(plan.changes().get(0).weakens()).isTrue();
  }

  @Test
  void reportsButNeverTouchesWhatIsNotOurs() {
    Map<String, Inventory> theirs =
        live(t -> new LiveTarget(t.target(), t.protection(), false), nightly("orders"));

    Plan plan = Planner.compare(desired(), theirs, Mode.FULL);

    assertThat(plan.changes()).singleElement().returns(Action.UNDECLARED, Change::action);
    assertThat(plan.applicable()).isEmpty();
  }

  @Test
  void doesNotTakeOverSettingsThatSomebodyElseMade() {
    Map<String, Inventory> theirs =
        live(t -> new LiveTarget(t.target(), t.protection(), false), nightly("orders"));

    Plan plan = Planner.compare(desired(with(nightly("orders"), daily(7))), theirs, Mode.FULL);

    assertThat(plan.changes()).singleElement().returns(Action.UNSUPPORTED, Change::action);
    assertThat(plan.changes().get(0).findings())
        .singleElement()
        .returns("plan.foreign", Diagnostic::code);
  }

  @Test
  void takesOverWhatIsDeclaredExactlyAsSomebodyElseMadeIt() {
    Map<String, Inventory> theirs =
        live(t -> new LiveTarget(t.target(), t.protection(), false), nightly("orders"));

    Plan plan = Planner.compare(desired(nightly("orders")), theirs, Mode.ADDITIVE);

    assertThat(plan.changes()).singleElement().returns(Action.ADOPT, Change::action);
    assertThat(plan.hasChanges()).isFalse();
    assertThat(plan.applicable()).hasSize(1);
  }

  @Test
  void listsBackupsThatOutlivedTheirDeclarationWithoutDoingAnything() {
    Map<String, Inventory> orphan =
        live(t -> new LiveTarget(t.target(), Optional.empty(), true), nightly("orders"));

    Plan plan = Planner.compare(desired(), orphan, Mode.FULL);

    assertThat(plan.changes()).singleElement().returns(Action.NONE, Change::action);
  }

  @Test
  void refusesAWishThatThePlatformCannotFulfil() {
    Desired desired =
        new Desired(
            Revision.DIRECTORY,
            desired(nightly("orders")).databases(),
            new TreeMap<>(
                Map.of(
                    "orders",
                    List.of(Diagnostic.error("platform.point_in_time", "not possible", null)))),
            List.of());

    Plan plan = Planner.compare(desired, Map.of(), Mode.FULL);

    assertThat(plan.changes()).singleElement().returns(Action.UNSUPPORTED, Change::action);
    assertThat(plan.applicable()).isEmpty();
  }

  @Test
  void movesADatabaseByCreatingItThereBeforeEndingItHere() {
    Plan plan =
        Planner.compare(
            desired(on("aws-rds", nightly("orders"))), live(nightly("orders")), Mode.FULL);

    assertThat(plan.applicable())
        .extracting(c -> c.action() + " " + c.target())
        .containsExactly("CREATE orders on aws-rds", "DELETE orders on runner");
    assertThat(plan.applicable()).allMatch(Change::weakens);
  }

  @Test
  void appliesStrengtheningFirstThenWeakeningThenDeletes() {
    Plan plan =
        Planner.compare(
            desired(with(nightly("a"), daily(7)), nightly("b"), with(nightly("c"), daily(90))),
            live(nightly("a"), nightly("c"), nightly("d")),
            Mode.FULL);

    assertThat(plan.applicable())
        .extracting(c -> c.action() + " " + c.target().name())
        .containsExactly("CREATE b", "UPDATE c", "UPDATE a", "DELETE d");
    assertThat(plan.changes())
        .extracting(c -> c.target().name())
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void holdsBackWeakeningInAdditiveMode() {
    Plan plan =
        Planner.compare(
            desired(with(nightly("a"), daily(7)), nightly("b")),
            live(nightly("a"), nightly("d")),
            Mode.ADDITIVE);

    assertThat(plan.applicable()).extracting(c -> c.target().name()).containsExactly("b");
    assertThat(plan.heldBack()).extracting(c -> c.target().name()).containsExactly("a", "d");
  }

  @Test
  void writesNothingInObserveMode() {
    Plan plan = Planner.compare(desired(nightly("b")), Map.of(), Mode.OBSERVE);

    assertThat(plan.applicable()).isEmpty();
    assertThat(plan.hasChanges()).isTrue();
  }

  @Test
  void hashesTheSameDecisionsAlikeInEveryMode() {
    Desired desired = desired(with(nightly("a"), daily(7)));

    Plan additive = Planner.compare(desired, live(nightly("a")), Mode.ADDITIVE);
    Plan full = Planner.compare(desired, live(nightly("a")), Mode.FULL);

    assertThat(additive.hash()).isEqualTo(full.hash()).hasSize(64);
  }

  @Test
  void hashesAnotherDecisionDifferently() {
    Plan seven =
        Planner.compare(desired(with(nightly("a"), daily(7))), live(nightly("a")), Mode.FULL);
    Plan six =
        Planner.compare(desired(with(nightly("a"), daily(6))), live(nightly("a")), Mode.FULL);
    Plan fromLess =
        Planner.compare(
            desired(with(nightly("a"), daily(7))), live(with(nightly("a"), daily(20))), Mode.FULL);

    assertThat(List.of(seven.hash(), six.hash(), fromLess.hash())).doesNotHaveDuplicates();
  }

  @Test
  void shiftsAScheduleWithoutWeakening() {
    Plan plan =
        Planner.compare(
            desired(with(nightly("a"), schedules("nightly", "0 3 * * *"))),
            live(nightly("a")),
            Mode.FULL);

    assertThat(plan.changes().get(0).fields())
        .extracting(f -> f.path() + " " + f.grade())
        .containsExactly("schedule.nightly.cron NEUTRAL");
  }
}
