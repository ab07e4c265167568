package io.keepset.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.access.Caller;
import io.keepset.app.Applying;
import io.keepset.app.remote.RemoteApplying;
import io.keepset.app.remote.RemoteServer;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.plan.Desired;
import io.keepset.plan.Guards;
import io.keepset.plan.Plan;
import io.keepset.plan.PlanFile;
import io.keepset.plan.Precedents;
import io.keepset.plan.Revision;
import io.keepset.policy.Mode;
import io.keepset.policy.Options;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.ProtectionCodec;
import io.keepset.policy.Resolved;
import io.keepset.policy.Settings;
import io.keepset.policy.StoreSpec;
import io.keepset.reconcile.Proposal;
import io.keepset.reconcile.Reconciler;
import io.keepset.reconcile.Report;
import io.keepset.reconcile.Retry;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Plans that are brought to the server to be applied. */
class ApplyApiTest extends ServerContract {
  @Test
  void aSecretItselfIsNeitherKeptNorEchoed() {
    String body =
        """
        {"name": "orders", "engine": "postgresql", "platform": "runner", "store": "main",
         "schedule": {"nightly": {"cron": "0 2 * * *", "timezone": "UTC", "jitter": "0s"}},
         "retention": {"daily": 7, "minimum": 1}, "copy": {}, "final_backup": true,
         "grace": "3d", "objective": {}, "labels": {}, "options": {"hold.case-1": "all backups"},
         "connection": {"host": "db1", "user": "backup", "%s": "%s"}}
        """;
    for (String key : List.of("password", "restore_password", "tls.key", "passwort")) {
      HttpResponse<String> response =
          apply(plan(body.formatted(key, "hunter2"), Options.of(Map.of("path", "/srv"))));

      assertProblem(response, 422, "urn:keepset:problem:invalid-policies");
      assertThat(response.body()).contains(key).doesNotContain("hunter2");
    }
    assertThat(server.plans.brought).isEmpty();

    HttpResponse<String> reference =
        apply(
            plan(
                body.formatted("password", "env:ORDERS_PASSWORD"),
                Options.of(Map.of("path", "/srv"))));

    assertThat(reference.statusCode()).as(reference.body()).isEqualTo(200);
    assertThat(server.plans.brought).hasSize(1);
    assertThat(server.plans.callers).extracting(Caller::name).containsExactly("admin");
  }

  @Test
  void theSecretOfAStoreIsAReferenceToo() {
    HttpResponse<String> response =
        apply(
            plan(
                JsonText.write(ProtectionCodec.encode(RunningServer.protection("orders"))),
                Options.of(
                    Map.of("bucket", "b", "access_key", "env:ID", "secret_key", "hunter2"))));

    assertProblem(response, 422, "urn:keepset:problem:invalid-policies");
    assertThat(response.body()).contains("secret_key").doesNotContain("hunter2");
  }

  @Test
  void whatIsNoPlanOrADamagedOneIsTheCallersMistake() {
    String good = plan(JsonText.write(ProtectionCodec.encode(RunningServer.protection("orders"))));

    for (String body : List.of("{}", "[]", "no json", good.replace("env:ID", "env:XX"))) {
      assertProblem(apply(body), 400, "urn:keepset:problem:bad-request");
    }
    assertThat(server.plans.brought).isEmpty();
  }

  @Test
  void aPlanThatIsRefusedThereIsARefusalHere() throws Exception {
    server.plans.refusals =
        List.of(Diagnostic.error("guard.weakening", "orders weakens", null).withHint("approve"));
    Desired desired = desired(ProtectionCodec.encode(RunningServer.protection("orders")));
    Proposal proposal =
        new Reconciler(
                Map.of("runner", fake), Guards.always(), Retry.usual(pause -> {}), Precedents.NONE)
            .propose(desired, Mode.FULL, Instant.EPOCH, 0);

    Report report =
        new RemoteApplying(new RemoteServer(server.address(), RunningServer.TOKEN))
            .apply(
                new Applying.Order(proposal, PolicySet.EMPTY, Precedents.NONE),
                "ignored",
                Instant.EPOCH,
                outcome -> {});

    assertThat(report.refusals()).isEqualTo(server.plans.refusals);
    assertThat(server.plans.brought)
        .singleElement()
        .satisfies(brought -> assertThat(brought.hash()).isEqualTo(proposal.plan().hash()));
    assertProblem(
        apply(plan(JsonText.write(ProtectionCodec.encode(RunningServer.protection("orders"))))),
        409,
        "urn:keepset:problem:refused");
  }

  private static HttpResponse<String> apply(String plan) {
    return server.sendJson("POST", "/api/v1/apply", plan);
  }

  private static Desired desired(MapNode protection) {
    Protection wanted = ProtectionCodec.decode(protection);
    return new Desired(
        Revision.DIRECTORY,
        new TreeMap<>(
            Map.of(
                wanted.name(),
                new Resolved(wanted, "gold", new TreeMap<>(), new Location("f", 1, 1)))),
        new TreeMap<>(),
        List.of());
  }

  private static String plan(String protection) {
    return plan(
        protection,
        Options.of(Map.of("bucket", "b", "access_key", "env:ID", "secret_key", "env:KEY")));
  }

  /** As a file, with a store besides. */
  private static String plan(String protection, Options store) {
    StoreSpec spec =
        new StoreSpec(
            "cloud",
            store.get("bucket").isPresent() ? "s3" : "directory",
            store,
            new Location("s.yaml", 3, 1));
    PolicySet policies =
        new PolicySet(
            Settings.DEFAULT,
            new TreeMap<>(),
            new TreeMap<>(Map.of("cloud", spec)),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            1);
    return PlanFile.write(
        new Plan(Revision.DIRECTORY, Mode.FULL, List.of(), List.of()),
        desired(RunningServer.json(protection)),
        policies);
  }
}
