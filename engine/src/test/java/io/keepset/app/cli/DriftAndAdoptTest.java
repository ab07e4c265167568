package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.LocalState;
import io.keepset.app.Wiring;
import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.app.watch.DriftWatch;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.StoreSpec;
import io.keepset.reconcile.Drift;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftAndAdoptTest {
  @TempDir private Path work;
  private CommandLineForTests keepset;
  private Path policies;

  @BeforeEach
  void declareTwoDatabases() throws IOException {
    policies = Files.createDirectory(work.resolve("policies"));
    keepset =
        new CommandLineForTests(work.resolve("data")).with("KEEPSET_POLICIES", policies.toString());
    Files.writeString(
        policies.resolve("all.yaml"),
        """
        policy:
          gold:
            schedule:
              nightly: {cron: "0 2 * * *", timezone: Europe/Berlin, jitter: 20m}
            retention: {daily: 30, within_weekly: 60d}
        database:
          files: {engine: volume, policy: gold, store: main, connection: {path: %s}}
          more: {engine: volume, policy: gold, store: main, connection: {path: %s}}
        store:
          main: {type: directory, path: %s}
        """
            .formatted(work.resolve("files"), work.resolve("more"), work.resolve("backups")));
    Files.createDirectory(work.resolve("files"));
    Files.createDirectory(work.resolve("more"));
  }

  @Test
  void saysThatNothingWasAppliedYet() {
    Result drift = keepset.run("drift", "--detailed-exitcode");

    assertThat(drift.code()).isZero();
    assertThat(drift.out()).startsWith("Nothing was applied yet");
  }

  @Test
  void findsNothingAfterAnApplyAndWhatWasChangedByHand() throws Exception {
    keepset.run("apply", "--yes");
    Result before = keepset.run("drift", "--detailed-exitcode");

    try (LocalState state = state()) {
      Protection files = state.catalogue().protection("files").orElseThrow();
      state.catalogue().protect(shorter(files));
      state.catalogue().unprotect("more");
    }
    Result after = keepset.run("drift");
    Result detailed = keepset.run("drift", "--json", "--detailed-exitcode");

    assertThat(before.out()).contains("No drift: everything is as it was applied.");
    assertThat(before.code()).isZero();
    assertThat(after.code()).isZero();
    assertThat(after.out())
        .contains("~ files", "retention.daily", "30 -> 7", "WEAKENS", "- more")
        .contains("Drift: 1 changed, 1 vanished.");
    assertThat(detailed.code()).isEqualTo(2);
    assertThat(detailed.out()).contains("\"vanished\": 1");
  }

  @Test
  void aStoreThatWasSetUpOtherwiseIsDriftOfItsDatabases() throws Exception {
    keepset.run("apply", "--yes");

    try (LocalState state = state()) {
      StoreSpec main = state.storeSpecs().get("main");
      state
          .parts()
          .declaring()
          .remember(
              new StoreSpec("main", "directory", Options.of(Map.of("path", "/other")), main.at()));
    }

    assertThat(keepset.run("drift").out()).contains("store.path", "/other", "2 changed");
  }

  @Test
  void anApplyThatPutsItRightEndsTheDrift() throws Exception {
    keepset.run("apply", "--yes");
    try (LocalState state = state()) {
      state.catalogue().unprotect("more");
      new DriftWatch(state.database().declarations()).looked(drift(state));
    }
    Result before = keepset.run("status");

    keepset.run("apply", "--yes");

    assertThat(before.out()).contains("was protected on runner and is no longer");
    assertThat(keepset.run("status").out()).doesNotContain("is no longer");
    assertThat(keepset.run("drift", "--detailed-exitcode").code()).isZero();
  }

  private static Drift drift(LocalState state) throws Exception {
    return state.parts().ledger().drift(state.parts().platforms());
  }

  @Test
  void aSavedPlanKeepsTheInstancesThatAreAsked() throws Exception {
    Files.writeString(
        policies.resolve("servers.yaml"),
        """
        instance:
          db1:
            engine: postgresql
            connection: {host: 127.0.0.1, port: 1, connect_timeout: 2}
            discover: true
        """);
    String saved = work.resolve("saved.plan").toString();
    Result plan = keepset.run("plan", "--out", saved);

    keepset.run("apply", "--yes", saved);

    assertThat(plan.code()).isZero();
    assertThat(plan.out()).contains("servers.yaml:2:3: warning", "[plan.discovery]");
    assertThat(keepset.run("drift").out())
        .contains("[plan.discovery]", "No drift in what could be looked at.");
  }

  @Test
  void adoptsWhatIsProtectedButInNoFileSoThatThePlanIsEmpty() throws Exception {
    keepset.run("apply", "--yes");
    for (String format : new String[] {"yaml", "hcl", "json"}) {
      Path lost = Files.createDirectory(work.resolve(format));
      keepset.with("KEEPSET_POLICIES", lost.toString());

      Result adopt = keepset.run("adopt", "--format", format);
      Result again = keepset.run("adopt", "--format", format);
      Result plan = keepset.run("plan", "--detailed-exitcode");

      assertThat(adopt.err()).isEmpty();
      assertThat(adopt.code()).isZero();
      assertThat(adopt.out()).contains("Wrote " + lost.resolve("adopted." + format), "2 databases");
      assertThat(again.out()).contains("Nothing to adopt");
      assertThat(plan.out()).contains("Nothing to do: 2 databases are as declared.");
      assertThat(plan.code()).isZero();
    }
  }

  @Test
  void databasesWithTheSameRulesShareAPolicy() throws Exception {
    keepset.run("apply", "--yes");
    Path lost = work.resolve("lost");
    keepset.with("KEEPSET_POLICIES", lost.toString());

    keepset.run("adopt");

    assertThat(lost.resolve("adopted.yaml"))
        .hasContent(
            """
            store:
              main:
                type: directory
                path: %s
            policy:
              adopted:
                schedule:
                  nightly:
                    cron: "0 2 * * *"
                    timezone: Europe/Berlin
                    jitter: 20m
                retention:
                  last: 0
                  daily: 30
                  within_weekly: "60d"
                  on_demand: forever
                  minimum: 1
                final_backup: true
                grace: "3d"
            database:
              files:
                engine: volume
                platform: runner
                policy: adopted
                store: main
                connection:
                  path: %s
              more:
                engine: volume
                platform: runner
                policy: adopted
                store: main
                connection:
                  path: %s
            """
                .formatted(work.resolve("backups"), work.resolve("files"), work.resolve("more")));
  }

  @Test
  void neverReplacesAFileAndAdoptsOnlyWhatIsAskedFor() throws Exception {
    keepset.run("apply", "--yes");
    Path lost = Files.createDirectory(work.resolve("lost"));
    Files.writeString(lost.resolve("adopted.yaml"), "policy: {}\n");
    keepset.with("KEEPSET_POLICIES", lost.toString());

    Result one = keepset.run("adopt", "more");
    Result unknown = keepset.run("adopt", "nothing");

    assertThat(one.out()).contains("adopted-2.yaml", "1 database");
    assertThat(lost.resolve("adopted.yaml")).hasContent("policy: {}");
    assertThat(unknown.code()).isEqualTo(64);
    assertThat(unknown.err()).contains("nothing protects nothing");
  }

  private LocalState state() throws Exception {
    return new Wiring(
            work.resolve("data"),
            Clock.systemUTC(),
            Map.of(),
            (severity, subject, message) -> {},
            note -> {})
        .localState();
  }

  private static Protection shorter(Protection p) {
    Retention r = p.retention();
    java.util.TreeMap<Retention.Tier, Integer> tiers = new java.util.TreeMap<>(r.tiers());
    tiers.put(Retention.Tier.DAILY, 7);
    return p.change()
        .retention(new Retention(r.last(), tiers, r.within(), r.onDemand(), r.minimum()))
        .build();
  }
}
