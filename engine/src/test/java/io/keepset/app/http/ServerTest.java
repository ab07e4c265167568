package io.keepset.app.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.access.Caller;
import io.keepset.app.Applying;
import io.keepset.app.remote.RemoteApplying;
import io.keepset.app.remote.RemoteAudit;
import io.keepset.app.remote.RemoteHolds;
import io.keepset.app.remote.RemoteLedger;
import io.keepset.app.remote.RemotePlatform;
import io.keepset.app.remote.RemoteServer;
import io.keepset.app.remote.RemoteStores;
import io.keepset.app.state.Audit;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.plan.Desired;
import io.keepset.plan.Guards;
import io.keepset.plan.Plan;
import io.keepset.plan.PlanFile;
import io.keepset.plan.Precedents;
import io.keepset.plan.Revision;
import io.keepset.policy.Hold;
import io.keepset.policy.Instance;
import io.keepset.policy.Mode;
import io.keepset.policy.Options;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.ProtectionCodec;
import io.keepset.policy.Resolved;
import io.keepset.policy.Settings;
import io.keepset.policy.StoreSpec;
import io.keepset.reconcile.Listing;
import io.keepset.reconcile.Proposal;
import io.keepset.reconcile.Reconciler;
import io.keepset.reconcile.Report;
import io.keepset.reconcile.Retry;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.HoldOperations;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.StoreOperations;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerTest {
  private static RunningServer server;

  private FakePlatform fake;
  private RemotePlatform remote;
  private BackupOperations backups;

  @BeforeAll
  static void start() throws Exception {
    server = new RunningServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void reset() {
    fake = server.platform;
    fake.trouble = null;
    fake.bug = null;
    fake.failure = null;
    fake.breakAfter = -1;
    fake.backups.clear();
    fake.restores.clear();
    server.plans.brought.clear();
    server.plans.callers.clear();
    server.plans.refusals = List.of();
    fake.targets.clear();
    fake.targets.put("orders", RunningServer.live(RunningServer.protection("orders")));
    remote =
        new RemotePlatform(
            "runner", new RemoteServer(server.address(), RunningServer.TOKEN), new FakePlatform());
    backups = remote.operations().orElseThrow();
  }

  @Test
  void nothingButHealthAnswersWithoutAToken() {
    for (String path :
        List.of("/api/v1/status", "/api/v1/databases", "/actuator/prometheus", "/nowhere")) {
      HttpResponse<String> response = server.getWith(path, "X-None", "x");

      assertThat(response.statusCode()).as(path).isEqualTo(401);
      assertThat(response.headers().firstValue("Content-Type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
      assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
    }
    assertThat(server.getWith("/actuator/health", "X-None", "x").statusCode()).isEqualTo(200);
  }

  @Test
  void holdsAreMadeListedAndEndedByWhoeverHasTheToken() throws Exception {
    RemoteHolds holds = new RemoteHolds(new RemoteServer(server.address(), RunningServer.TOKEN));
    Hold hold =
        new Hold(
            "case-1",
            new TreeSet<>(List.of("orders")),
            new TreeMap<>(Map.of("data", "pci")),
            Optional.of(LocalDate.parse("2026-01-01")),
            Optional.empty(),
            "litigation & more",
            LocalDate.parse("2027-01-15"));
    holds.add(hold, "ignored");

    assertThat(holds.list()).isEqualTo(server.holds.holds);
    assertThat(holds.list())
        .singleElement()
        .returns(hold, HoldOperations.InForce::hold)
        .returns("admin", HoldOperations.InForce::by);
    assertThat(remote.holds(List.of("orders", "billing"))).containsOnlyKeys("orders");

    holds.end("case-1", "settled & done", "ignored");
    assertThat(server.holds.ended).containsExactly("case-1: settled & done, admin");
    assertProblem(
        server.send("DELETE", "/api/v1/holds/nope?reason=x"), 404, "urn:keepset:problem:not-found");
    assertProblem(server.send("DELETE", "/api/v1/holds/nope"), 400, "urn:keepset:problem:http");
    for (String body :
        List.of(
            "{}",
            "{\"name\": \"a\", \"reason\": \"r\", \"review_by\": \"2027-01-01\"}",
            "{\"name\": \"a\", \"databases\": [\"x\"], \"review_by\": \"2027-01-01\"}",
            "{\"name\": \"../a\", \"databases\": [\"x\"], \"reason\": \"r\","
                + " \"review_by\": \"2027-01-01\"}")) {
      assertProblem(
          server.sendJson("POST", "/api/v1/holds", body), 400, "urn:keepset:problem:bad-request");
    }
  }

  @Test
  void deletionsAreWrittenDownWithWhoAsked() throws Exception {
    String id = "orders-20261121T020000Z-aaaa";
    fake.backups.put(id, FakePlatform.backup(id, "orders", BackupKind.ON_DEMAND));
    backups.delete(id);

    assertThat(new RemoteAudit(new RemoteServer(server.address(), RunningServer.TOKEN)).newest(1))
        .singleElement()
        .returns("admin", Audit.Entry::actor)
        .returns("backup.delete", Audit.Entry::action)
        .returns(id, Audit.Entry::target);
    assertProblem(
        server.send("GET", "/api/v1/audit?limit=0"), 400, "urn:keepset:problem:bad-request");
  }

  @Test
  void aWrongTokenIsNoToken() {
    assertThat(server.getWith("/api/v1/status", "Authorization", "Bearer wrong").statusCode())
        .isEqualTo(401);
    assertThat(server.getWith("/api/v1/status", "Authorization", "Basic x").statusCode())
        .isEqualTo(401);
  }

  @Test
  void metricsAreThere() {
    HttpResponse<String> response = server.send("GET", "/actuator/prometheus");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("jvm_memory_used_bytes");
  }

  @Test
  void unknownPathsAndMethodsAreProblemDocuments() {
    assertProblem(server.send("GET", "/api/v1/nowhere"), 404, "urn:keepset:problem:http");
    assertThat(server.send("GET", "/api/v1/nowhere").body())
        .contains("no such path")
        .doesNotContain("static resource");
    assertProblem(server.send("PATCH", "/api/v1/status"), 405, "urn:keepset:problem:http");
    assertProblem(
        server.send("GET", "/api/v1/databases/nope"), 404, "urn:keepset:problem:not-found");
    assertProblem(server.send("GET", "/api/v1/backups/nope"), 404, "urn:keepset:problem:not-found");
    assertProblem(server.send("GET", "/api/v1/plan/nope"), 404, "urn:keepset:problem:not-found");
  }

  @Test
  void aBodyThatIsNoJsonIsTheCallersMistakeWithItsPlace() {
    HttpResponse<String> response = server.sendJson("POST", "/api/v1/holds", "{\"name\": ");

    assertProblem(response, 400, "urn:keepset:problem:bad-request");
    assertThat(response.body()).contains("\"line\": 1");
  }

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

  @Test
  void troubleOfAPlatformKeepsItsKind() {
    for (Kind kind : Kind.values()) {
      fake.trouble = new DriverException(kind, "because of " + kind);

      assertThatThrownBy(() -> remote.read())
          .isInstanceOfSatisfying(
              DriverException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(kind);
                assertThat(e).hasMessage("because of " + kind);
              });
    }
  }

  @Test
  void aBugShowsAMarkAndNothingElse() {
    fake.bug = new IllegalStateException("invariant with password=hunter2");

    HttpResponse<String> response = server.send("GET", "/api/v1/databases");

    assertProblem(response, 500, "urn:keepset:problem:bug");
    assertThat(response.body()).doesNotContain("hunter2").doesNotContain("at io.keepset");
  }

  @Test
  void aRemotePlatformReadsWhatTheServerHas() throws Exception {
    Backup backup =
        FakePlatform.backup("orders-20261121T020700Z-0001", "orders", BackupKind.SCHEDULED);
    fake.backups.put(backup.id(), backup);

    assertThat(remote.read()).isEqualTo(fake.read());
    assertThat(remote.backups(List.of("orders", "other")))
        .isEqualTo(Map.of("orders", List.of(backup), "other", List.of()));
  }

  @Test
  void aBackupIsMadeWithProgress() throws Exception {
    List<Long> heard = new ArrayList<>();

    Backup backup =
        backups.create("orders", BackupKind.ON_DEMAND, (done, total) -> heard.add(done));

    assertThat(backup.kind()).isEqualTo(BackupKind.ON_DEMAND);
    assertThat(fake.backups).containsKey(backup.id());
    assertThat(heard).containsExactly(5L);
  }

  @Test
  void aPlainCallerGetsTheBackupAsTheAnswer() {
    HttpResponse<String> response = server.send("POST", "/api/v1/databases/orders/backups");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(RunningServer.json(response).text("state")).contains("CREATED");
  }

  @Test
  void whatFailedIsNoSuccessAndTheCommandStillHearsOfTheBackup() throws Exception {
    fake.failure = "the disk is full: make room";

    HttpResponse<String> created = server.send("POST", "/api/v1/databases/orders/backups");
    HttpResponse<String> uploaded = server.send("POST", "/api/v1/databases/orders/uploads");

    assertProblem(created, 502, "urn:keepset:problem:backup-failed");
    assertProblem(uploaded, 422, "urn:keepset:problem:upload-not-taken");
    assertThat(created.body()).contains("the disk is full", "\"state\": \"FAILED\"");
    for (Backup backup :
        List.of(
            backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE),
            backups.upload("orders", new ByteArrayInputStream(new byte[9]), Progress.NONE))) {
      assertThat(backup.state()).isEqualTo(BackupState.FAILED);
      assertThat(backup.error()).contains("the disk is full: make room");
    }
  }

  @Test
  void troubleDuringALongCallArrivesThere() {
    fake.trouble = null;
    assertThatThrownBy(() -> backups.verify("orders-20261121T020700Z-9999", Progress.NONE))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @Test
  void aDownloadIsTheBytesAndABrokenOneIsAFailure() throws Exception {
    Backup backup = backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    backups.download(backup.id(), bytes, Progress.NONE);

    assertThat(bytes.toByteArray()).isEqualTo(fake.content);
    for (int length : new int[] {0, 100, 1 << 20}) {
      fake.breakAfter = length;
      assertThatThrownBy(
              () -> backups.download(backup.id(), new ByteArrayOutputStream(), Progress.NONE))
          .as("broken after " + length)
          .isInstanceOf(DriverException.class);
    }
  }

  @Test
  void anUploadArrivesWhole() throws Exception {
    byte[] bytes = "x".repeat(3_000_000).getBytes(StandardCharsets.UTF_8);

    Backup backup = backups.upload("orders", new ByteArrayInputStream(bytes), Progress.NONE);

    assertThat(backup.kind()).isEqualTo(BackupKind.UPLOADED);
    assertThat(fake.uploaded).isEqualTo(bytes);
  }

  @Test
  void aRestoreOverTheDatabaseNeedsItsName() throws Exception {
    Backup backup = backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE);

    HttpResponse<String> refused =
        server.sendJson(
            "POST", "/api/v1/backups/" + backup.id() + "/restore", "{\"mode\": \"over\"}");

    assertProblem(refused, 409, "urn:keepset:problem:refused");
    assertThat(fake.restores).isEmpty();
    RestoreRequest over = new RestoreRequest(RestoreRequest.Mode.OVER, Optional.empty());
    assertThat(backups.restore(backup.id(), over, Progress.NONE).target())
        .isEqualTo("orders_restored");
    assertThat(fake.restores).containsExactly(over);
  }

  @Test
  void aMergeNeedsTheDatabasesNameAndIsWrittenDown() throws Exception {
    Backup backup = backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE);
    String path = "/api/v1/backups/" + backup.id() + "/restore";

    HttpResponse<String> refused = server.sendJson("POST", path, "{\"mode\": \"merge\"}");
    HttpResponse<String> unknown = server.sendJson("POST", path, "{\"mode\": \"mrege\"}");

    assertProblem(refused, 409, "urn:keepset:problem:refused");
    assertProblem(unknown, 400, "urn:keepset:problem:bad-request");
    assertThat(fake.restores).isEmpty();
    RestoreRequest merge = new RestoreRequest(RestoreRequest.Mode.MERGE, Optional.empty());
    backups.restore(backup.id(), merge, Progress.NONE);
    assertThat(fake.restores).containsExactly(merge);
    assertThat(new RemoteAudit(new RemoteServer(server.address(), RunningServer.TOKEN)).newest(1))
        .singleElement()
        .returns("backup.restore", Audit.Entry::action)
        .returns(Optional.of("merge into orders"), Audit.Entry::detail);
  }

  @Test
  void aBackupCanBeCheckedAndDeleted() throws Exception {
    Backup backup = backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE);

    assertThat(backups.verify(backup.id(), Progress.NONE).findings())
        .containsExactly("checksum differs");
    backups.delete(backup.id());

    assertThat(fake.backups).isEmpty();
  }

  @Test
  void storesAreCheckedThere() throws Exception {
    StoreOperations stores =
        new RemoteStores(new RemoteServer(server.address(), RunningServer.TOKEN));

    assertThat(stores.names()).containsExactly("main");
    assertThat(stores.check("main", true, Progress.NONE).findings())
        .extracting(d -> d.code())
        .containsExactly("store.damaged");
    assertThat(stores.rescan("main", Progress.NONE).changes()).containsExactly("added b1");
    assertThatThrownBy(() -> stores.check("other", false, Progress.NONE))
        .hasMessage("there is no store other");
  }

  @Test
  void aWebhookMakesItLookAtOnce() {
    int before = server.refreshes.get();

    assertThat(server.send("POST", "/api/v1/refresh").statusCode()).isEqualTo(202);

    assertThat(server.refreshes).hasValue(before + 1);
  }

  private static void assertProblem(HttpResponse<String> response, int status, String type) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(value -> assertThat(value).startsWith("application/problem+json"));
    assertThat(RunningServer.json(response).text("type")).contains(type);
    assertThat(RunningServer.json(response).text("status")).contains(String.valueOf(status));
  }

  @Test
  void instancesAreAskedByTheServer() throws Exception {
    RemoteLedger ledger = new RemoteLedger(new RemoteServer(server.address(), RunningServer.TOKEN));
    Instance instance =
        new Instance(
            "db1",
            "postgresql",
            Options.of(Map.of("host", "db1")),
            Options.NONE,
            true,
            new TreeMap<>(Map.of("x", new Instance.Exclusion("why", Optional.empty()))),
            new Location("a.yaml", 3, 5));

    assertThat(ledger.drift(Map.of()).items()).isEmpty();
    assertThat(ledger.discover(List.of(instance)))
        .isEqualTo(Map.of("db1", new Listing(List.of(), Optional.of("nobody is there"))));
  }
}
