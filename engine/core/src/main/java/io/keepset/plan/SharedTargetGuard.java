package io.keepset.plan;

import io.keepset.policy.Many;
import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Two names for one database would each think that the other's backups do not exist. */
final class SharedTargetGuard implements Guard {
  static final String CODE = "guard.shared_target";

  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "::1");

  /** What of a connection says which server, and what on it. */
  private static final Set<String> ADDRESS =
      Set.of(
          "host",
          "hosts",
          "port",
          "socket",
          "database",
          "path",
          "uri",
          "url",
          "endpoint",
          "endpoints",
          "bucket",
          "prefix",
          "vhost",
          "index",
          "keyspace");

  /** What of a cluster of Elasticsearch a block is about. */
  private static final String INDICES = "indices";

  private static final Set<String> NAMED_BY_DATABASE =
      Set.of("postgresql", "mysql", "mongodb", "rethinkdb");

  /** Where a server listens if nothing else is said. */
  private static final Map<String, String> PORTS =
      Map.of(
          "postgresql", "5432",
          "mysql", "3306",
          "mongodb", "27017",
          "redis", "6379",
          "rabbitmq", "15672",
          "etcd", "2379",
          "elasticsearch", "9200",
          "scylla", "9042",
          "rethinkdb", "28015");

  @Override
  public List<Objection> check(Plan plan, Circumstances circumstances) {
    if (!concerns(plan)) {
      return List.of();
    }
    Map<String, Resolved> byTarget = new HashMap<>();
    List<Objection> objections = new ArrayList<>();
    List<Optional<String>> targets =
        Many.stream(circumstances.databases().values()).map(r -> target(r.protection())).toList();
    Iterator<Optional<String>> next = targets.iterator();
    for (Resolved resolved : circumstances.databases().values()) {
      Optional<String> target = next.next();
      if (target.isEmpty()) {
        continue;
      }
      Resolved other = byTarget.putIfAbsent(target.get(), resolved);
      if (other != null) {
        objections.add(
            Objection.never(
                CODE,
                resolved.protection().name(),
                " is the same "
                    + resolved.protection().engine()
                    + " target as "
                    + other.protection().name()
                    + " ("
                    + other.declaredAt()
                    + ")",
                "keep one of the two blocks, or point them at different databases; several"
                    + " schedules belong into one policy",
                Optional.of(resolved.declaredAt())));
      }
    }
    return objections;
  }

  /** Only what is new, or reached by another way than before, can meet another. */
  private static boolean concerns(Plan plan) {
    for (Change change : plan.changes()) {
      if (change.action() == Action.CREATE) {
        return true;
      }
      for (FieldChange field : change.fields()) {
        String head = Grading.head(field.path());
        if (head.equals("connection")
            || head.equals("engine")
            || head.equals("point_in_time")
            || field.path().equals("options.backup")
            || field.path().startsWith("options." + INDICES)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Base backups and log are a server's: beside them each of its databases may be dumped. */
  private static boolean isWholeServer(Protection protection) {
    String otherwise = protection.pointInTime().isPresent() ? "physical" : "logical";
    return protection.engine().equals("postgresql")
        && protection.options().get("backup", otherwise).equals("physical");
  }

  /** What is reached, however it is spelt and whoever logs in; empty if nothing says. */
  private static Optional<String> target(Protection protection) {
    Map<String, String> connection = protection.connection().values();
    String engine = protection.engine();
    TreeMap<String, String> address = new TreeMap<>();
    for (String key : connection.keySet()) {
      String head = Grading.head(key);
      int list = head.indexOf('[');
      String name = list < 0 ? head : head.substring(0, list);
      if (ADDRESS.contains(name)) {
        address.put(key, plain(name, connection.get(key)));
      }
    }
    if (address.isEmpty()) {
      return Optional.empty();
    }
    if (!address.containsKey("path")) {
      address.putIfAbsent("host", "localhost");
      String port = PORTS.get(engine);
      if (port != null) {
        address.putIfAbsent("port", port);
      }
    }
    // The database's own name is that of the block if it is left out.
    if (NAMED_BY_DATABASE.contains(engine)) {
      address.putIfAbsent("database", protection.name());
    }
    if (isWholeServer(protection)) {
      address.remove("database");
      address.put("files", "of the whole server");
    }
    if (engine.equals("elasticsearch")) {
      // One cluster, and each block its own indices.
      protection.options().values().entrySet().stream()
          .filter(option -> option.getKey().startsWith(INDICES + "["))
          .forEach(option -> address.put(option.getKey(), option.getValue()));
    }
    if (engine.equals("scylla")) {
      address.putIfAbsent("keyspace", protection.name());
    }
    return Optional.of(engine + " " + address);
  }

  private static String plain(String name, String value) {
    if (name.equals("path") || name.equals("socket")) {
      String path = value.replaceAll("/(?:\\./)*/*", "/");
      return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
    if (name.startsWith("host")) {
      String host = value.toLowerCase(Locale.ROOT);
      host = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
      return LOCAL.contains(host) ? "localhost" : host;
    }
    return value;
  }
}
