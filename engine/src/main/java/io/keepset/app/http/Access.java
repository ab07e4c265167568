package io.keepset.app.http;

import static io.keepset.access.Role.ADMIN;
import static io.keepset.access.Role.OPERATOR;
import static io.keepset.access.Role.PLANNER;
import static io.keepset.access.Role.READER;

import io.keepset.access.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The one table of who may call what, and what a query there may say; docs/server.md says it in
 * words. What is not in it is not there for anybody, so an endpoint that somebody forgets here
 * answers nobody. What a section of the shim demands besides is its own matter.
 */
final class Access {
  private static final Set<String> OPEN =
      Set.of(
          "/",
          "/index.html",
          "/console.js",
          "/console.css",
          "/actuator/health",
          "/actuator/health/liveness",
          "/actuator/health/readiness");

  private static final String OBJECTS = "?branch&dry_run&message";

  /** Terraform puts the names of an address' own query beside its own. */
  private static final String ANY = "*";

  private static final List<Rule> RULES =
      List.of(
          rule(READER, "GET /api/v1/status"),
          rule(READER, "GET /api/v1/plan"),
          rule(READER, "GET /api/v1/plan/{database}"),
          rule(READER, "GET /api/v1/drift"),
          rule(READER, "GET /api/v1/openapi.json"),
          rule(READER, "GET /api/v1/audit?limit"),
          rule(READER, "GET /api/v1/approvals/spent"),
          rule(READER, "GET /api/v1/databases?platform"),
          rule(READER, "GET /api/v1/databases/{name}"),
          rule(READER, "GET /api/v1/databases/{name}/backups"),
          rule(READER, "GET /api/v1/backups?database"),
          rule(READER, "GET /api/v1/backups/{id}"),
          rule(READER, "GET /api/v1/stores"),
          rule(READER, "GET /api/v1/holds"),
          rule(READER, "GET /api/v1/terraform/states"),
          rule(READER, "GET /api/v1/terraform/states/{name}/versions"),
          rule(READER, "GET /actuator/prometheus?includedNames"),
          rule(PLANNER, "POST /api/v1/refresh"),
          // Sends secrets of this server to addresses in the request.
          rule(OPERATOR, "POST /api/v1/discovery"),
          rule(OPERATOR, "POST /api/v1/notify/test?receiver"),
          // What weakens needs an approval besides.
          rule(OPERATOR, "POST /api/v1/apply"),
          rule(OPERATOR, "POST /api/v1/databases/{name}/backups?kind"),
          rule(OPERATOR, "POST /api/v1/databases/{name}/uploads"),
          // What is in a database may be secret.
          rule(OPERATOR, "GET /api/v1/backups/{id}/artifact"),
          rule(READER, "GET /api/v1/backups/{id}/artifact/name"),
          rule(OPERATOR, "GET /api/v1/databases/{name}/wal/{file}?system"),
          rule(OPERATOR, "PUT /api/v1/databases/{name}/wal/{file}"),
          rule(OPERATOR, "POST /api/v1/backups/{id}/address?seconds"),
          rule(OPERATOR, "POST /api/v1/backups/{id}/restore"),
          rule(OPERATOR, "POST /api/v1/backups/{id}/verify?restore"),
          rule(OPERATOR, "POST /api/v1/stores/{name}/check?read_data"),
          rule(OPERATOR, "POST /api/v1/stores/{name}/rescan"),
          rule(OPERATOR, "POST /api/v1/holds"),
          // Lets backups go that somebody wanted kept.
          rule(ADMIN, "DELETE /api/v1/holds/{name}?reason"),
          rule(ADMIN, "DELETE /api/v1/backups/{id}"),
          // Writes into a directory of the server's machine.
          rule(ADMIN, "POST /api/v1/databases/{name}/restore"),
          rule(ADMIN, "GET /api/v1/tokens"),
          rule(ADMIN, "POST /api/v1/tokens"),
          rule(ADMIN, "DELETE /api/v1/tokens/{name}"),
          rule(ADMIN, "DELETE /api/v1/terraform/states/{name}/lock?id"),
          // Terraform keeps secrets in its states.
          rule(OPERATOR, "GET /api/v1/terraform/states/{name}/versions/{version}"),
          rule(OPERATOR, "POST /api/v1/terraform/states/{name}/rollback"),
          rule(OPERATOR, "* /terraform/state/**?*"),
          rule(READER, "GET /terraform/outputs/**"),
          rule(READER, "GET /terraform/v1/coverage?environment&require"),
          rule(READER, "GET /terraform/v1/databases/**?max_age"),
          // Providers for REST have one query for all methods.
          rule(READER, "GET /terraform/v1/objects/**" + OBJECTS),
          rule(READER, "GET /terraform/v1/**"),
          rule(PLANNER, "POST /terraform/v1/plan/**?base&file&accept_own"),
          rule(PLANNER, "POST /terraform/v1/coverage/**?base&file&accept_own"),
          // A dry run is no more than a plan; the section asks for more if it is none.
          // The section asks for operator itself where it writes, and answers other methods.
          rule(PLANNER, "PUT /terraform/v1/objects/**" + OBJECTS),
          rule(PLANNER, "POST /terraform/v1/objects/**" + OBJECTS),
          rule(PLANNER, "PATCH /terraform/v1/objects/**" + OBJECTS),
          rule(PLANNER, "DELETE /terraform/v1/objects/**" + OBJECTS),
          // A section that stands nowhere above.
          rule(ADMIN, "* /terraform/**?*"));

  private Access() {}

  /**
   * Who may call one path by one method.
   *
   * @param method {@code *} for any
   * @param path {@code {name}} is any segment, {@code **} any rest
   * @param query names that mean something there
   */
  private record Rule(Role role, String method, List<String> path, Set<String> query) {
    boolean takes(String asked) {
      return method.equals("*") || method.equals(asked);
    }

    boolean leadsTo(List<String> segments) {
      for (int i = 0; i < path.size(); i++) {
        String expected = path.get(i);
        if (expected.equals("**")) {
          return true;
        }
        if (i >= segments.size()) {
          return false;
        }
        if (!expected.startsWith("{") && !expected.equals(segments.get(i))) {
          return false;
        }
      }
      return segments.size() == path.size();
    }
  }

  private static Rule rule(Role role, String line) {
    int space = line.indexOf(' ');
    int mark = line.indexOf('?');
    String path = line.substring(space + 1, mark < 0 ? line.length() : mark);
    Set<String> query =
        mark < 0 ? Set.of() : new TreeSet<>(List.of(line.substring(mark + 1).split("&", -1)));
    return new Rule(role, line.substring(0, space), segments(path), query);
  }

  /** What the table says to a request. */
  record Ruling(Optional<Role> needed, Set<String> methods, Set<String> query) {
    /** The first of some names in a query that mean nothing there, and so not what was meant. */
    Optional<String> unknown(Set<String> names) {
      return query.contains(ANY)
          ? Optional.empty()
          : names.stream().filter(name -> !query.contains(name)).findFirst();
    }
  }

  /** Method and path of every rule below a prefix, as they stand in the table. */
  static Set<String> paths(String prefix) {
    Set<String> paths = new TreeSet<>();
    for (Rule rule : RULES) {
      String path = String.join("/", rule.path());
      if (path.startsWith(prefix)) {
        paths.add(rule.method() + " " + path);
      }
    }
    return paths;
  }

  /** True if a path answers whoever asks. */
  static boolean isOpen(String path) {
    return OPEN.contains(path);
  }

  /**
   * The role that a request needs; none if there is no such path, or it only takes the methods that
   * are named.
   *
   * @param path as it was sent: what is spelled otherwise than in the table is not there
   */
  static Ruling ruling(String method, String path) {
    String asked = method.equals("HEAD") ? "GET" : method;
    List<String> segments = segments(path);
    Set<String> methods = new TreeSet<>();
    for (Rule rule : RULES) {
      if (rule.leadsTo(segments)) {
        if (rule.takes(asked)) {
          return new Ruling(Optional.of(rule.role()), Set.of(), rule.query());
        }
        methods.add(rule.method());
      }
    }
    return new Ruling(Optional.empty(), methods, Set.of());
  }

  /**
   * Whether a path could mean one thing to this table and another to who answers: dots that climb,
   * parameters, separators in disguise.
   */
  static boolean isCrooked(String path) {
    String lower = path.toLowerCase(Locale.ROOT).replace("%2e", ".");
    boolean climbs = false;
    for (String segment : lower.split("/", -1)) {
      climbs |= segment.equals(".") || segment.equals("..");
    }
    return climbs
        || lower.contains(";")
        || lower.contains("\\")
        || lower.contains("%2f")
        || lower.contains("%5c")
        || lower.contains("%3b")
        || lower.contains("%00");
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      segments.add(segment);
    }
    return segments;
  }
}
