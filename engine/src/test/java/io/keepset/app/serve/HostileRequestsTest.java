package io.keepset.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.access.Role;
import io.keepset.source.JsonText;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stands in a path, query or body: the answer is a problem document, never a bug. */
@Timeout(600)
class HostileRequestsTest {
  private static final String LONG = "x".repeat(3000);

  /** In an address; each is refused wherever it stands. */
  private static final List<String> NEVER = List.of("a%00b", "a%0Ab", "%1B", "a%7F", "..%2f");

  /** In an address; whatever it means there, it is no bug. */
  private static final List<String> ODD =
      List.of(LONG, "%F0%9F%98%80", "%ED%A0%80", "-1", "99999999999999999999", "%27%3B--", "{x}");

  /** Values in a body. */
  private static final List<String> VALUES =
      List.of(
          "\"a\\u0000b\"",
          "\"\\u001b\"",
          "\"" + LONG + LONG + "\"",
          "\"..%2f\"",
          "\"\\ud800\"",
          "5",
          "-1.5e300",
          "true",
          "null",
          "[]",
          "[[{}]]",
          "{}");

  @TempDir static Path home;
  private static ServiceLab lab;

  @BeforeAll
  static void start() throws Exception {
    Files.createDirectories(home.resolve("followed"));
    lab = new ServiceLab(home);
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  /** One operation of the description. */
  private record Operation(String method, String path, MapNode described) {
    Set<String> queries() {
      Set<String> names = new TreeSet<>();
      for (Node one :
          described.get("parameters").map(n -> ((ListNode) n).items()).orElse(List.of())) {
        if (((MapNode) one).text("in").equals(Optional.of("query"))) {
          names.add(((MapNode) one).text("name").orElseThrow());
        }
      }
      return names;
    }

    String with(String value) {
      return path.replaceAll("\\{[a-z]+}", java.util.regex.Matcher.quoteReplacement(value));
    }
  }

  private static List<Operation> operations() throws Exception {
    String text = lab.send(Role.READER, "GET", "/api/v1/openapi.json", "").body();
    MapNode document =
        (MapNode)
            JsonText.read(new SourceFile("o", text.getBytes(StandardCharsets.UTF_8)))
                .valid()
                .orElseThrow();
    List<Operation> all = new ArrayList<>();
    for (MapNode.Entry path : document.map("paths").orElseThrow().entries()) {
      for (MapNode.Entry method : ((MapNode) path.value()).entries()) {
        all.add(
            new Operation(
                method.key().toUpperCase(Locale.ROOT), path.key(), (MapNode) method.value()));
      }
    }
    for (String shim :
        List.of(
            "GET /terraform/state/{x}",
            "POST /terraform/state/{x}",
            "DELETE /terraform/state/{x}",
            "LOCK /terraform/state/{x}",
            "UNLOCK /terraform/state/{x}",
            "GET /terraform/outputs/{x}",
            "GET /terraform/v1/databases/{x}",
            "GET /terraform/v1/databases/{x}/backups/latest",
            "GET /terraform/v1/plan/{x}",
            "GET /terraform/v1/objects/policy/{x}",
            "PUT /terraform/v1/objects/policy/{x}",
            "PUT /terraform/v1/objects/{x}/gold",
            "DELETE /terraform/v1/objects/policy/{x}",
            "GET /terraform/v1/objects/policy/{x}/status",
            "POST /terraform/v1/plan")) {
      int space = shim.indexOf(' ');
      all.add(
          new Operation(
              shim.substring(0, space),
              shim.substring(space + 1),
              new MapNode(new io.keepset.diagnostic.Location("shim", 1, 1), List.of())));
    }
    return all;
  }

  @Test
  void pathsAndQueries() throws Exception {
    for (Operation operation : operations()) {
      if (operation.path().contains("{")) {
        for (String value : NEVER) {
          refused(operation, operation.with(value), "{}", 400);
        }
        for (String value : ODD) {
          refused(operation, operation.with(encoded(value)), "{}", 0);
        }
      }
      for (String name : operation.queries()) {
        for (String value : List.of("a%00b", "%1B")) {
          refused(operation, operation.with("x") + "?" + name + "=" + value, "{}", 400);
        }
        for (String value : ODD) {
          answered(operation, operation.with("x") + "?" + name + "=" + encoded(value), "{}");
        }
      }
      refused(operation, operation.with("x") + "?a%00b=1", "{}", 400);
    }
  }

  @Test
  void queriesOfTheShim() throws Exception {
    for (String address :
        List.of(
            "GET /terraform/v1/coverage?environment=",
            "GET /terraform/v1/coverage?require=",
            "GET /terraform/v1/databases/x/backups/latest?max_age=",
            "PUT /terraform/v1/objects/policy/gold?dry_run=",
            "PUT /terraform/v1/objects/policy/gold?branch=",
            "PUT /terraform/v1/objects/policy/gold?message=",
            "GET /terraform/v1/objects/policy/gold?branch=",
            "POST /terraform/v1/plan?file=",
            "POST /terraform/v1/plan?base=",
            "POST /terraform/state/x?ID=")) {
      int space = address.indexOf(' ');
      Operation operation =
          new Operation(
              address.substring(0, space),
              address.substring(space + 1),
              new MapNode(new io.keepset.diagnostic.Location("shim", 1, 1), List.of()));
      for (String value : List.of("a%00b", "%1B")) {
        refused(operation, operation.path() + value, "{}", 400);
      }
      for (String value : ODD) {
        answered(operation, operation.path() + encoded(value), "{}");
      }
    }
  }

  @Test
  void bodies() throws Exception {
    Set<String> names =
        new TreeSet<>(
            Set.of(
                "name",
                "role",
                "expires",
                "person",
                "reason",
                "databases",
                "from",
                "to",
                "review_by",
                "mode",
                "version",
                "restore",
                "seconds",
                "files",
                "format",
                "ID"));
    for (Operation operation : operations()) {
      if (operation.method().equals("GET") || operation.method().equals("DELETE")) {
        continue;
      }
      List<String> bodies = new ArrayList<>(VALUES);
      bodies.addAll(List.of("", "{", "\u0000", "{\"a\": 1, \"a\": 2}", "[".repeat(500)));
      for (String value : VALUES) {
        bodies.add(
            "{"
                + String.join(", ", names.stream().map(n -> '"' + n + "\": " + value).toList())
                + "}");
      }
      for (String body : bodies) {
        answered(operation, operation.with("x"), body);
      }
    }
  }

  private static String encoded(String value) {
    return value.replace("{", "%7B").replace("}", "%7D");
  }

  /**
   * @param status 0 for any between 400 and 499
   */
  private static void refused(Operation operation, String path, String body, int status)
      throws Exception {
    HttpResponse<String> answer = lab.send(Role.ADMIN, operation.method(), path, body);
    String what = operation.method() + " " + shortened(path);
    if (status == 0) {
      problem(what, answer);
    } else {
      assertThat(answer.statusCode()).as(what).isEqualTo(status);
    }
  }

  private static void answered(Operation operation, String path, String body) throws Exception {
    HttpResponse<String> answer = lab.send(Role.ADMIN, operation.method(), path, body);
    problem(operation.method() + " " + shortened(path) + " " + shortened(body), answer);
  }

  private static void problem(String what, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(what + "\n" + shortened(answer.body())).isLessThan(500);
    // The holder of a lock is told as Terraform reads it.
    if (answer.statusCode() >= 400 && answer.statusCode() != 423) {
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .as(what)
          .startsWith("application/problem+json");
    }
  }

  private static String shortened(String text) {
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }
}
