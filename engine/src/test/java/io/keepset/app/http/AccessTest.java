package io.keepset.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.access.Role;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every path with every role and none. */
class AccessTest extends OnRunningServer {
  private static final Set<String> SHIM =
      Set.of(
          "GET /terraform/state/prod",
          "POST /terraform/state/prod",
          "DELETE /terraform/state/prod",
          "LOCK /terraform/state/prod",
          "UNLOCK /terraform/state/prod",
          "GET /terraform/outputs",
          "GET /terraform/outputs/production",
          "GET /terraform/v1/status",
          "GET /terraform/v1/databases/orders/backups/latest",
          "POST /terraform/v1/plan",
          "POST /terraform/v1/coverage",
          "GET /terraform/v1/objects/policy/gold",
          "PUT /terraform/v1/objects/policy/gold",
          "DELETE /terraform/v1/objects/policy/gold",
          "GET /terraform/nowhere",
          "PUT /terraform/nowhere");

  @Test
  void theTableNamesEveryEndpointAndNothingElse() {
    for (String operation : operations()) {
      assertThat(needed(operation)).as(operation).isPresent();
    }
    assertThat(Access.paths("/api/v1/")).isEqualTo(described());
  }

  @Test
  void nothingButHealthAndTheEmptyPageAnswersWithoutAToken() {
    for (String operation : operations()) {
      assertProblem(operation, server.sendAs(Optional.empty(), operation), 401, "unauthorized");
    }
    assertProblem("", server.sendAs(Optional.empty(), "GET /actuator/prometheus"), 401, "unauth");
    assertProblem("", server.sendAs(Optional.empty(), "GET /nowhere"), 401, "unauthorized");
    assertThat(server.sendAs(Optional.empty(), "GET /actuator/health").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aRoleThatIsTooSmallIsToldWhichOneIsNeeded(Role role) {
    int refused = 0;
    for (String operation : operations()) {
      Role needed = needed(operation).orElseThrow();
      if (!role.may(needed)) {
        HttpResponse<String> reply = server.sendAs(Optional.of(role), operation);
        assertProblem(operation, reply, 403, "forbidden");
        assertThat(reply.body()).contains("role " + needed).contains("role " + role);
        refused++;
      }
    }
    assertThat(refused).isEqualTo(role == Role.ADMIN ? 0 : refused);
    assertThat(role == Role.ADMIN || refused > 0).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aRoleThatIsGreatEnoughIsLetThrough(Role role) {
    for (String operation : operations()) {
      if (role.may(needed(operation).orElseThrow())) {
        assertThat(server.sendAs(Optional.of(role), operation).statusCode())
            .as(role + " " + operation)
            .isNotIn(401, 403, 405);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET /api/v1/status, reader",
    "POST /api/v1/refresh, planner",
    "GET /api/v1/backups/x/artifact, operator",
    "GET /api/v1/backups/x/artifact/name, reader",
    "POST /api/v1/backups/x/restore, operator",
    "DELETE /api/v1/backups/x, admin",
    "POST /api/v1/databases/x/restore, admin",
    "DELETE /api/v1/holds/x, admin",
    "POST /api/v1/discovery, operator",
    "GET /terraform/v1/coverage, reader",
    "GET /terraform/state/prod, operator",
    "LOCK /terraform/state/prod, operator",
    "POST /terraform/v1/plan, planner",
    "PUT /terraform/section-of-tomorrow, admin",
  })
  void whatCostsMostNeedsMost(String operation, String role) {
    assertThat(needed(operation)).isEqualTo(Role.of(role));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/databases/../applied",
        "/api/v1/databases/%2e%2e/applied",
        "/api/v1/status;x=/api/v1/holds",
        "/api/v1/databases/..%2fapplied",
        "/terraform/v1/../state/prod",
        "/terraform/v1/%2E%2E/state/prod",
        "/terraform/outputs;a/x",
        "//api/v1/applied",
        "/api/v1//applied",
        "/API/v1/applied",
        "/api/v1/applied/",
        "/api/v1/%61pplied",
      })
  void noSpellingOfAPathGetsAroundTheTable(String path) {
    for (String method : Set.of("GET", "PUT", "DELETE", "LOCK")) {
      assertThat(server.rawAs(Role.READER, method, path))
          .as(method + " " + path)
          .isBetween(400, 499);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PUT /terraform/v1/objects/policy/gold?dryrun=true, dry_run",
    "DELETE /terraform/v1/objects/policy/gold?dry-run=true, dry_run",
    "POST /terraform/v1/plan?bas=followed, base",
    "DELETE /api/v1/holds/x?reson=because, reason",
    "POST /api/v1/databases/x/backups?knd=on-demand, kind",
    "GET /api/v1/audit?limt=5, limit",
    "DELETE /api/v1/tokens/x?dry_run=true, no name is known",
    "GET /terraform/v1/coverage?enviroment=production, environment",
  })
  void aNameInTheQueryThatMeansNothingIsRefusedAndNotIgnored(String operation, String told) {
    HttpResponse<String> reply = server.sendAs(Optional.of(Role.ADMIN), operation);

    assertProblem(operation, reply, 400, "bad-request");
    assertThat(reply.body()).contains(told).contains("means nothing here");
  }

  @Test
  void theTableKnowsTheQueriesOfTheDescription() {
    MapNode paths = ((MapNode) OpenApi.document()).map("paths").orElseThrow();
    for (MapNode.Entry path : paths.entries()) {
      for (MapNode.Entry method : ((MapNode) path.value()).entries()) {
        String asked = method.key().toUpperCase(java.util.Locale.ROOT);
        Access.Ruling ruling = Access.ruling(asked, path.key().replaceAll("\\{[a-z]+}", "x"));
        assertThat(ruling.query())
            .as(asked + " " + path.key())
            .isEqualTo(queries((MapNode) method.value()));
      }
    }
  }

  private static Set<String> queries(MapNode operation) {
    Set<String> names = new TreeSet<>();
    operation.get("parameters").stream()
        .flatMap(list -> ((ListNode) list).items().stream())
        .map(MapNode.class::cast)
        .filter(one -> one.text("in").equals(Optional.of("query")))
        .forEach(one -> names.add(one.text("name").orElseThrow()));
    return names;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /terraform/state/prod?team=a+b",
        "POST /terraform/state/prod?ID=abc&team=a+b",
        "GET /terraform/v1/objects/policy/gold?branch=tf/x&message=why"
      })
  void whatTerraformAndItsProvidersSendIsTaken(String operation) {
    assertThat(server.sendAs(Optional.of(Role.ADMIN), operation).statusCode()).isNotEqualTo(400);
  }

  @Test
  void aPathThatTakesOtherMethodsNamesThem() {
    HttpResponse<String> reply = server.sendAs(Optional.of(Role.READER), "PATCH /api/v1/backups/x");

    assertProblem("", reply, 405, "http");
    assertThat(reply.headers().firstValue("Allow")).contains("DELETE, GET");
  }

  private static void assertProblem(
      String operation, HttpResponse<String> reply, int status, String type) {
    assertThat(reply.statusCode()).as(operation).isEqualTo(status);
    assertThat(reply.headers().firstValue("Content-Type").orElse(""))
        .as(operation)
        .startsWith("application/problem+json");
    assertThat(RunningServer.json(reply).text("type").orElse("")).contains(type);
  }

  /** What the table says to {@code GET /path}. */
  private static Optional<Role> needed(String operation) {
    int space = operation.indexOf(' ');
    return Access.ruling(operation.substring(0, space), operation.substring(space + 1)).needed();
  }

  private static Set<String> operations() {
    Set<String> operations = new TreeSet<>(SHIM);
    described().forEach(line -> operations.add(line.replaceAll("\\{[a-z]+}", "x")));
    return operations;
  }

  private static Set<String> described() {
    Set<String> operations = new TreeSet<>();
    MapNode paths = ((MapNode) OpenApi.document()).map("paths").orElseThrow();
    for (MapNode.Entry path : paths.entries()) {
      for (String method : ((MapNode) path.value()).keys()) {
        operations.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.key());
      }
    }
    return operations;
  }
}
