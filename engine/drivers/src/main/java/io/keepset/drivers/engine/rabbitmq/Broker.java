package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.http.Endpoint;
import io.keepset.drivers.http.HttpApi;
import io.keepset.drivers.http.Refused;
import io.keepset.policy.Options;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Source;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A broker, or one vhost of it, over the management API.
 *
 * @param vhost empty for the whole broker
 */
record Broker(HttpApi http, Optional<String> vhost) {
  static final String PRODUCT = "RabbitMQ";
  private static final int PORT = 15_672;
  private static final int TLS_PORT = 15_671;

  /** More than any major version has. */
  private static final int MINORS = 10_000;

  /** By the login that reads. */
  static Broker toDump(Source source) throws DriverException {
    return new Broker(
        new HttpApi(named(Endpoint.toDump(PRODUCT, source, port(source)))), vhost(source));
  }

  /** By the login that may change it. */
  static Broker toRestore(Source source) throws DriverException {
    return new Broker(
        new HttpApi(named(Endpoint.toRestore(PRODUCT, source, port(source)))), vhost(source));
  }

  /** The same at another broker: {@code host:port}. */
  static Broker toRestore(Source source, String address) throws DriverException {
    return new Broker(
        new HttpApi(named(Endpoint.toRestore(PRODUCT, source, address))), Optional.empty());
  }

  private static Optional<String> vhost(Source source) {
    return source.connection().get("vhost");
  }

  private static int port(Source source) {
    return port(source.connection());
  }

  /** Where the management listens unless something else is said. */
  static int port(Options connection) {
    return connection.flag("tls.enabled", false) ? TLS_PORT : PORT;
  }

  /** There is no such thing as nobody here: who says no name is guest. */
  private static Endpoint named(Endpoint endpoint) {
    return new Endpoint(
        endpoint.product(),
        endpoint.host(),
        endpoint.port(),
        endpoint.user().or(() -> Optional.of("guest")),
        endpoint.password(),
        endpoint.tls(),
        endpoint.patience());
  }

  /** Another vhost of the same broker. */
  Broker vhost(String name) {
    return new Broker(http, Optional.of(name));
  }

  /** For messages and reports: {@code RabbitMQ mq1:15672, vhost shop}. */
  String describe() {
    return PRODUCT + " " + where() + vhost.map(name -> ", vhost " + name).orElse("");
  }

  String where() {
    return http.endpoint().where();
  }

  private String definitions() {
    return "api/definitions" + below();
  }

  private String below() {
    return vhost.map(name -> "/" + HttpApi.segment(name)).orElse("");
  }

  /** {@code 3.10.8}. */
  String version() throws DriverException {
    Node answer = ask("asking for the version", () -> http.get("api/overview"));
    return answer instanceof MapNode map ? map.text("rabbitmq_version").orElse("") : "";
  }

  InputStream export() throws DriverException {
    return ask("exporting definitions", () -> http.open(definitions()));
  }

  void importing(byte[] json) throws DriverException {
    ask("importing definitions", () -> http.sendJson("POST", definitions(), json));
  }

  /** Compares what is there with definitions. */
  Definitions.Comparison compare(Definitions wanted) throws DriverException {
    try (InputStream export = export()) {
      return wanted.compare(export);
    } catch (IOException e) {
      throw http.explain("exporting definitions", e);
    }
  }

  /** Names of all vhosts, in order. */
  List<String> vhosts() throws DriverException {
    return list("api/vhosts?columns=name").stream()
        .flatMap(vhost -> vhost.text("name").stream())
        .sorted()
        .toList();
  }

  /** Live counts by the keys of the sections, by other questions than the export. */
  SortedMap<String, Long> counts() throws DriverException {
    SortedMap<String, Long> counts = new TreeMap<>();
    if (vhost.isEmpty()) {
      counts.put(Section.USERS.key(), (long) list("api/users?columns=name").size());
      counts.put(Section.VHOSTS.key(), (long) list("api/vhosts?columns=name").size());
    }
    counts.put(
        Section.POLICIES.key(), (long) list("api/policies" + below() + "?columns=name").size());
    counts.put(
        Section.QUEUES.key(),
        list("api/queues" + below() + "?columns=name,exclusive&disable_stats=true").stream()
            // They go with their connection, and no export has them.
            .filter(queue -> !queue.text("exclusive").equals(Optional.of("true")))
            .count());
    return counts;
  }

  private List<MapNode> list(String path) throws DriverException {
    return ask("counting", () -> http.list(path));
  }

  /** Messages in all queues; they are not part of definitions. */
  long messages(String queue, String ofVhost) throws DriverException {
    Optional<Node> found =
        ask(
            "looking at a queue",
            () ->
                http.find("api/queues/" + HttpApi.segment(ofVhost) + "/" + HttpApi.segment(queue)));
    return found
        .map(node -> node instanceof MapNode map ? map.text("messages").orElse("0") : "0")
        .filter(text -> text.matches("[0-9]{1,18}"))
        .map(Long::parseLong)
        .orElse(0L);
  }

  boolean exists(String vhostName) throws DriverException {
    return ask("looking for a vhost", () -> http.find("api/vhosts/" + HttpApi.segment(vhostName)))
        .isPresent();
  }

  /**
   * Makes the vhost.
   *
   * @throws DriverException REJECTED if somebody else made it meanwhile
   */
  void createVhost() throws DriverException {
    String path = "api/vhosts" + below();
    boolean made = ask("creating a vhost", () -> http.make(path, new MapBuilder().build()));
    if (!made) {
      throw Failures.rejected(
          describe()
              + " was not there a moment ago and is there now: somebody else makes it or restores"
              + " into it; nothing was written");
    }
  }

  void deleteVhost() throws DriverException {
    String path = "api/vhosts" + below();
    ask("deleting a vhost", () -> http.send("DELETE", path, null));
  }

  /** Deletes one definition; one that went with another is no mistake. */
  void delete(Section section, MapNode item) throws DriverException {
    String in = HttpApi.segment(vhost.or(() -> item.text("vhost")).orElse("/"));
    String name = HttpApi.segment(item.text("name").orElse(""));
    String path =
        switch (section) {
          case USERS -> "users/" + name;
          case VHOSTS -> "vhosts/" + name;
          case PERMISSIONS -> "permissions/" + in + "/" + segment(item, "user");
          case TOPIC_PERMISSIONS -> "topic-permissions/" + in + "/" + segment(item, "user");
          case PARAMETERS -> "parameters/" + segment(item, "component") + "/" + in + "/" + name;
          case GLOBAL_PARAMETERS -> "global-parameters/" + name;
          case POLICIES -> "policies/" + in + "/" + name;
          case QUEUES -> "queues/" + in + "/" + name;
          case EXCHANGES -> "exchanges/" + in + "/" + name;
          case BINDINGS -> binding(in, item);
        };
    if (path.isEmpty()) {
      return;
    }
    ask(
        "deleting " + section.name(item, true),
        () -> {
          try {
            return http.send("DELETE", "api/" + path, null);
          } catch (Refused e) {
            if (e.status() == 404) {
              return new MapBuilder().build();
            }
            throw e;
          }
        });
  }

  /** A binding is named by a key that only the server knows how to make. */
  private String binding(String in, MapNode item) throws DriverException {
    String type = item.text("destination_type").orElse("queue").equals("queue") ? "q" : "e";
    String between =
        "bindings/"
            + in
            + "/e/"
            + segment(item, "source")
            + "/"
            + type
            + "/"
            + segment(item, "destination");
    String wanted = Section.BINDINGS.name(item, false);
    Optional<Node> found = ask("looking for a binding", () -> http.find("api/" + between));
    if (found.isPresent() && found.get() instanceof ListNode list) {
      for (Node node : list.items()) {
        if (node instanceof MapNode map && Section.BINDINGS.name(map, false).equals(wanted)) {
          return between + "/" + segment(map, "properties_key");
        }
      }
    }
    return "";
  }

  private static String segment(MapNode item, String key) {
    return HttpApi.segment(item.text(key).orElse(""));
  }

  /** The user that we are there. */
  String user() {
    return http.endpoint().user().orElse("guest");
  }

  private interface Call<T> {
    T run() throws DriverException, Refused;
  }

  private <T> T ask(String doing, Call<T> call) throws DriverException {
    try {
      return call.run();
    } catch (Refused e) {
      throw Failures.explain(doing, e, http.endpoint());
    }
  }

  /** Whether a backup of this version may go here: the same or a newer one. */
  void requireVersion(String backup) throws DriverException {
    String here = version();
    if (release(backup) > release(here)) {
      throw new DriverException(
          Kind.REJECTED,
          "the backup is of RabbitMQ "
              + backup
              + ", "
              + where()
              + " is RabbitMQ "
              + here
              + ": definitions can be imported by the same or a newer version only");
    }
  }

  /** Of the broker's version; 0 if it tells none. */
  int major() throws DriverException {
    return release(version()) / MINORS;
  }

  /** Major and minor version as a number; 0 if it is none. */
  private static int release(String version) {
    String[] parts = version.split("\\.", 3);
    return parts.length >= 2 && parts[0].matches("[0-9]{1,4}") && parts[1].matches("[0-9]{1,4}")
        ? Integer.parseInt(parts[0]) * MINORS + Integer.parseInt(parts[1])
        : 0;
  }
}
