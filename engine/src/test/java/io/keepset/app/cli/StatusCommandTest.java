package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.SamplePolicy;
import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.StateSettings;
import io.keepset.app.watch.StatusJson;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.everit.json.schema.Schema;
import org.everit.json.schema.ValidationException;
import org.everit.json.schema.loader.SchemaLoader;
import org.json.JSONObject;
import org.json.JSONTokener;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir private Path home;
  private Path policies;
  private Path store;

  @BeforeEach
  void write() throws Exception {
    policies = home.resolve("policies");
    store = home.resolve("backups");
    SamplePolicy.of(home)
        .withData()
        .nightly()
        .objective("rpo: 26h, rto: 1h, verified_within: 30d")
        .write(policies);
  }

  private Result at(Instant now, String... args) {
    return new CommandLineForTests(home.resolve("data"))
        .with("KEEPSET_POLICIES", policies.toString())
        .at(Clock.fixed(now, ZoneOffset.UTC))
        .run(args);
  }

  @Test
  void tellsWhetherObjectivesAreMetAndEndsWithOneWhenSomethingIsBroken() {
    assertThat(at(NOON, "status"))
        .satisfies(status -> assertThat(status.err()).contains("nothing is protected yet"))
        .satisfies(status -> assertThat(status.out()).doesNotContain("all well"));
    assertThat(at(NOON, "apply", "--yes").code()).isZero();
    assertThat(at(NOON, "backup", "create", "files").code()).isZero();

    Result good = at(NOON.plus(Duration.ofHours(1)), "status");
    assertThat(good.code()).as(good.out() + good.err()).isZero();
    assertThat(good.out())
        .contains("files     ok", "2026-11-21 12:00 +00:00", "1 h")
        .contains("rpo met, rto not measured, verified_within met")
        .contains("nothing makes backups by itself [watch.server]");

    Result late = at(NOON.plus(Duration.ofHours(30)), "status", "files");
    assertThat(late.code()).isEqualTo(1);
    assertThat(late.out())
        .contains("files: rpo 26 hours broken: the newest good backup is 1 d old")
        .contains("[watch.rpo], since 2026-11-22T14:00:00Z")
        .doesNotContain("watch.server");
  }

  @Test
  void machinesGetWhatTheSchemaPromises() throws Exception {
    at(NOON, "apply", "--yes");
    at(NOON, "backup", "create", "files");
    for (Instant now : List.of(NOON, NOON.plus(Duration.ofHours(30)))) {
      assertThat(violations(at(now, "status", "--json").out())).isEmpty();
      assertThat(violations(at(now, "status", "--json", "files").out())).isEmpty();
    }
  }

  static List<String> violations(String json) throws Exception {
    try (InputStream in = StatusJson.class.getResourceAsStream("/schemas/status.schema.json")) {
      Schema schema =
          SchemaLoader.builder()
              .draftV7Support()
              .schemaJson(new JSONObject(new JSONTokener(in)))
              .build()
              .load()
              .build();
      schema.validate(new JSONObject(json));
      return List.of();
    } catch (ValidationException e) {
      return e.getAllMessages();
    }
  }

  @Test
  void lessThanAComplianceRuleDemandsIsToldWhoeverDidItUntilAnApplyPutsItRight() throws Exception {
    Files.writeString(
        policies.resolve("rules.yaml"),
        "compliance: {all: {applies_to: {}, minimum: {retention: {daily: 7}}, forbid: [pause]}}\n");
    assertThat(at(NOON, "apply", "--yes").code()).isZero();
    assertThat(at(NOON, "status").out()).doesNotContain("watch.compliance");

    // Whoever takes away backups past Keepset may take away the rule as well.
    changeLive(p -> with(p, new TreeMap<>(Map.of(Tier.DAILY, 3)), Options.NONE));
    Result broken = at(NOON, "status");
    Result machines = at(NOON, "status", "--json");

    assertThat(broken.code()).isEqualTo(1);
    assertThat(broken.out())
        .contains(
            "error: files: has retention.daily 3, compliance all demands 7 [watch.compliance]");
    assertThat(machines.out()).contains("\"watch.compliance\"");
    assertThat(violations(machines.out())).isEmpty();

    assertThat(at(NOON, "apply", "--yes").code()).isZero();
    assertThat(at(NOON, "status").out()).doesNotContain("watch.compliance");
  }

  private void changeLive(UnaryOperator<Protection> change) throws Exception {
    try (StateDatabase state =
        StateDatabase.open(StateSettings.of(home.resolve("data"), Map.of()), reference -> null)) {
      state.catalogue().protect(change.apply(state.catalogue().protection("files").orElseThrow()));
    }
  }

  private static Protection with(Protection p, SortedMap<Tier, Integer> tiers, Options options) {
    return p.change()
        .retention(new Retention(0, tiers, new TreeMap<>(), p.retention().onDemand(), 1))
        .options(options)
        .build();
  }

  @Test
  void aMissingObjectIsToldUntilTheStoreIsWholeAgain() throws Exception {
    at(NOON, "apply", "--yes");
    at(NOON, "backup", "create", "files");
    Path moved = home.resolve("moved");
    Files.move(store.resolve("files"), moved);
    assertThat(at(NOON, "store", "check", "main").code()).isEqualTo(1);

    Result broken = at(NOON, "status");
    assertThat(broken.code()).isEqualTo(1);
    assertThat(broken.out()).contains("error: store/main: ").contains("[watch.store]");

    Files.move(moved, store.resolve("files"));
    at(NOON, "store", "check", "main", "--read-data");
    Result whole = at(NOON, "status");
    assertThat(whole.out()).doesNotContain("watch.store]").contains("nothing is broken");
    assertThat(whole.code()).isZero();
  }

  @Test
  void anUnknownDatabaseGetsTheNearestName() {
    at(NOON, "apply", "--yes");
    Result result = at(NOON, "status", "file");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("did you mean files?");
  }
}
