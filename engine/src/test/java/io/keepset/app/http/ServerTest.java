package io.keepset.app.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.app.remote.RemoteHolds;
import io.keepset.app.remote.RemoteLedger;
import io.keepset.app.remote.RemoteServer;
import io.keepset.app.remote.RemoteStores;
import io.keepset.diagnostic.Location;
import io.keepset.policy.Hold;
import io.keepset.policy.Instance;
import io.keepset.policy.Options;
import io.keepset.reconcile.Listing;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.HoldOperations;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ServerTest extends ServerContract {
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
