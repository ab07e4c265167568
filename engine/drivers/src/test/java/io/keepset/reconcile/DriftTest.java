package io.keepset.reconcile;

import static io.keepset.plan.Samples.desired;
import static io.keepset.plan.Samples.nightly;
import static io.keepset.plan.Samples.on;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.drivers.platform.memory.MemoryPlatform;
import io.keepset.plan.Action;
import io.keepset.plan.Change;
import io.keepset.plan.Desired;
import io.keepset.plan.Grade;
import io.keepset.plan.Impact;
import io.keepset.plan.Inventory;
import io.keepset.plan.LiveTarget;
import io.keepset.plan.Plan;
import io.keepset.plan.Planner;
import io.keepset.plan.Precedents;
import io.keepset.plan.Revision;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.TargetId;
import io.keepset.reconcile.Drift.Item;
import io.keepset.reconcile.Drift.Kind;
import io.keepset.source.JsonText;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.everit.json.schema.loader.SchemaLoader;
import org.json.JSONObject;
import org.json.JSONTokener;
import org.junit.jupiter.api.Test;

class DriftTest {
  private static final Drift.Applied APPLIED =
      new Drift.Applied(new Revision("3fa9c1e0", false), Instant.parse("2026-11-21T12:34:56Z"));

  private final MemoryPlatform platform = new MemoryPlatform("memory", Clock.systemUTC());

  @Test
  void whatWasJustAppliedHasNotDrifted() throws Exception {
    SortedMap<TargetId, Protection> inForce = apply(wish("orders"), wish("cache"));

    Drift drift = drift(inForce);

    assertThat(inForce).hasSize(2);
    assertThat(drift.found()).isFalse();
    assertThat(DriftText.print(drift))
        .isEqualTo(
            """
            Compared with commit 3fa9c1e, applied 2026-11-21T12:34Z

            No drift: everything is as it was applied.
            """);
  }

  @Test
  void tellsWhatSomebodyChangedFieldByFieldWithItsGrade() throws Exception {
    SortedMap<TargetId, Protection> inForce = apply(wish("orders"));
    byHand(last(wish("orders"), 99));

    Item item = drift(inForce).items().get(0);

    assertThat(item.kind()).isEqualTo(Kind.CHANGED);
    assertThat(item.fields())
        .singleElement()
        .returns("retention.last", field -> field.path())
        .returns(Optional.of("99"), field -> field.after());
  }

  @Test
  void gradesFromWhatWasAppliedToWhatIsLive() throws Exception {
    SortedMap<TargetId, Protection> inForce = apply(last(wish("orders"), 99));
    byHand(last(wish("orders"), 3));

    assertThat(drift(inForce).items().get(0).fields())
        .singleElement()
        .returns(Grade.WEAKENS, field -> field.grade());
  }

  @Test
  void tellsWhatVanishedWhatAppearedAndWhatNobodyDeclared() throws Exception {
    SortedMap<TargetId, Protection> inForce = apply(wish("gone"), wish("still"));
    apply(wish("still"));
    byHand(wish("new"));
    platform.putForeign(wish("theirs"));

    assertThat(drift(inForce).items())
        .extracting(item -> item.target().name() + " " + item.kind())
        .containsExactly("gone VANISHED", "new APPEARED", "theirs UNDECLARED");
  }

  @Test
  void whatWasTakenOverIsInForce() throws Exception {
    platform.putForeign(wish("theirs"));

    assertThat(apply(platform.normalize(wish("theirs"))))
        .containsKey(new TargetId("memory", "theirs"));
    platform.putForeign(wish("theirs"));

    assertThat(drift(apply(wish("theirs"))).found()).isFalse();
  }

  @Test
  void tellsThatAMarkIsGone() throws Exception {
    SortedMap<TargetId, Protection> inForce = apply(wish("orders"));
    platform.putForeign(wish("orders"));

    assertThat(drift(inForce).items()).singleElement().returns(Kind.DISOWNED, Item::kind);
  }

  @Test
  void whatFailedOrWasHeldBackIsNotInForce() throws Exception {
    apply(wish("orders"));
    Desired shorter = normalized(last(wish("orders"), 1));
    Plan plan = Planner.compare(shorter, Map.of("memory", platform.read()), Mode.ADDITIVE);
    InForce inForce =
        InForce.of(
            new Report(plan, List.of(), List.of(), Optional.empty(), List.of()), PolicySet.EMPTY);

    assertThat(inForce.kept()).isEmpty();
    assertThat(inForce.ended()).isEmpty();
  }

  @Test
  void printsAllKindsAndIsWhatTheSchemaDescribesAndComesBack() throws Exception {
    SortedMap<TargetId, Protection> inForce = apply(wish("gone"), wish("orders"), wish("slow"));
    apply(wish("orders"), wish("slow"));
    byHand(last(wish("orders"), 99));
    platform.putForeign(wish("theirs"));
    Change legacy =
        new Change(
            Action.UNDECLARED,
            new TargetId("runner", "db1/legacy"),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Impact.NONE,
            List.of(),
            List.of(Diagnostic.warning("plan.undeclared", "nobody backs up legacy", null)),
            Optional.of(new Location("a.yaml", 3, 3)));
    Drift drift =
        Drift.between(
            APPLIED,
            inForce,
            Map.of("memory", platform.read()),
            new TreeMap<>(Map.of(new TargetId("memory", "slow"), "schedule nightly is paused")),
            new Undeclared(
                List.of(legacy),
                List.of(Diagnostic.warning("plan.discovery", "db2 did not say", null))));

    assertThat(DriftText.print(drift))
        .isEqualTo(
            """
            Compared with commit 3fa9c1e, applied 2026-11-21T12:34Z

              ! db1/legacy    runner, nobody backs up legacy
              - gone          memory, was applied and is no longer protected
              ~ orders        memory, is not as applied
                  retention.last     7 -> 99     strengthens
              ! slow          memory, schedule nightly is paused
              ! theirs        memory, live but in no file

            warning: db2 did not say [plan.discovery]
            Drift: 1 changed, 1 vanished, 1 idle, 2 undeclared.
            """);
    validate(drift);
    validate(Drift.unknown());
    assertThat(DriftText.print(DriftJson.read(DriftJson.of(drift))))
        .isEqualTo(DriftText.print(drift));
    assertThat(DriftJson.read(DriftJson.of(drift)).items()).isEqualTo(drift.items());
  }

  private static void validate(Drift drift) throws Exception {
    try (InputStream in = Drift.class.getResourceAsStream("/schemas/drift.schema.json")) {
      SchemaLoader.builder()
          .draftV7Support()
          .schemaJson(new JSONObject(new JSONTokener(in)))
          .build()
          .load()
          .build()
          .validate(new JSONObject(JsonText.write(DriftJson.of(drift))));
    }
  }

  private Drift drift(SortedMap<TargetId, Protection> inForce) {
    return Drift.between(
        APPLIED,
        inForce,
        Map.of("memory", platform.read()),
        new TreeMap<>(),
        new Undeclared(List.of(), List.of()));
  }

  private SortedMap<TargetId, Protection> apply(Protection... wishes) throws Exception {
    Report report =
        new Reconciler(
                Map.of("memory", platform), List.of(), Retry.usual(pause -> {}), Precedents.NONE)
            .run(desired(wishes), Mode.FULL, APPLIED.at());
    assertThat(report.failed()).isFalse();
    return InForce.of(report, PolicySet.EMPTY).kept();
  }

  private Desired normalized(Protection... wishes) {
    return DesiredState.normalized(desired(wishes), Map.of("memory", platform), new PlanMemory());
  }

  /** As if somebody had used the platform's own console. */
  private void byHand(Protection protection) throws Exception {
    Map<String, Inventory> live = new TreeMap<>();
    TreeMap<String, LiveTarget> one = new TreeMap<>(platform.read().targets());
    one.keySet().retainAll(List.of(protection.name()));
    live.put("memory", new Inventory(one));
    for (Change change : Planner.compare(normalized(protection), live, Mode.FULL).applicable()) {
      platform.apply(change);
    }
  }

  private static Protection wish(String name) {
    return last(on("memory", nightly(name)), 7);
  }

  private static Protection last(Protection p, int last) {
    Retention r = p.retention();
    return p.change()
        .retention(new Retention(last, r.tiers(), r.within(), r.onDemand(), r.minimum()))
        .build();
  }
}
