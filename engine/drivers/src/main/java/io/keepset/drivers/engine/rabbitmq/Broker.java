package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.http.Endpoint;
import io.keepset.drivers.http.HttpApi;
import io.keepset.drivers.http.Refused;
import io.keepset.policy.Options;
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
    Node answer = ask("asking for the version", api -> api.get("api/overview"));
    return answer instanceof MapNode map ? map.text("rabbitmq_version").orElse("") : "";
  }

  InputStream export() throws DriverException {
    return ask("exporting definitions", api -> api.open(definitions()));
  }

  void importing(byte[] json) throws DriverException {
    ask("importing definitions", api -> api.sendJson("POST", definitions(), json));
  }

  /** Compares what is there with definitions. */
  Definitions.Comparison compare(Definitions wanted) throws DriverException {
    try (InputStream export = export()) {
      return wanted.compare(export);
    } catch (IOException e) {
      throw http.explain("exporting definitions", e);
    }
  }

  /** Names of all vhosts, in order, but not of one that only locks. */
  List<String> vhosts() throws DriverException {
    return list("listing vhosts", "api/vhosts?columns=name").stream()
        .filter(found -> !RestoreLock.holds(Section.VHOSTS, found))
        .flatMap(found -> found.text("name").stream())
        .sorted()
        .toList();
  }

  /** Live counts by the keys of the sections, by other questions than the export. */
  SortedMap<String, Long> counts() throws DriverException {
    SortedMap<String, Long> counts = new TreeMap<>();
    if (vhost.isEmpty()) {
      counts.put(
          Section.USERS.key(), (long) list("counting users", "api/users?columns=name").size());
      counts.put(Section.VHOSTS.key(), (long) vhosts().size());
    }
    counts.put(
        Section.POLICIES.key(),
        (long) list("counting policies", "api/policies" + below() + "?columns=name").size());
    counts.put(
        Section.QUEUES.key(),
        list(
                "counting queues",
                "api/queues" + below() + "?columns=name,exclusive&disable_stats=true")
            .stream()
            // They go with their connection, and no export has them.
            .filter(queue -> !queue.text("exclusive").equals(Optional.of("true")))
            .count());
    return counts;
  }

  private List<MapNode> list(String doing, String path) throws DriverException {
    return ask(doing, api -> api.list(path));
  }

  /** Messages in all queues; they are not part of definitions. */
  long messages(String queue, String ofVhost) throws DriverException {
    Optional<Node> found =
        ask(
            "looking at a queue",
            api ->
                api.find("api/queues/" + HttpApi.segment(ofVhost) + "/" + HttpApi.segment(queue)));
    return found
        .map(node -> node instanceof MapNode map ? map.text("messages").orElse("0") : "0")
        .filter(text -> text.matches("[0-9]{1,18}"))
        .map(Long::parseLong)
        .orElse(0L);
  }

  boolean exists(String vhostName) throws DriverException {
    return ask("looking for a vhost", api -> api.find("api/vhosts/" + HttpApi.segment(vhostName)))
        .isPresent();
  }

  /**
   * Makes the vhost.
   *
   * @throws DriverException REJECTED if somebody else made it meanwhile
   */
  void createVhost() throws DriverException {
    if (!makeVhost()) {
      throw takenMeanwhile();
    }
  }

  /**
   * Makes the vhost if it is not there.
   *
   * @return false if it was there; true does not say that nobody else made it in the same moment
   */
  boolean makeVhost() throws DriverException {
    String path = "api/vhosts" + below();
    return ask("creating a vhost", api -> api.make(path, new MapBuilder().build()));
  }

  DriverException takenMeanwhile() {
    return Failures.rejected(
        describe()
            + " was not there a moment ago and is there now: somebody else makes it or restores"
            + " into it; nothing was written");
  }

  /** An exchange of the vhost, if it is there. */
  Optional<MapNode> exchange(String name) throws DriverException {
    String path = "api/exchanges" + below() + "/" + HttpApi.segment(name);
    return ask("looking at an exchange", api -> api.find(path))
        .filter(MapNode.class::isInstance)
        .map(MapNode.class::cast);
  }

  void deleteVhost() throws DriverException {
    String path = "api/vhosts" + below();
    ask("deleting a vhost", api -> api.send("DELETE", path, null));
  }

  /** The user that we are there. */
  String user() {
    return http.endpoint().user().orElse("guest");
  }

  interface Call<T> {
    T run(HttpApi api) throws DriverException, Refused;
  }

  /**
   * @param doing for messages: {@code counting}
   */
  <T> T ask(String doing, Call<T> call) throws DriverException {
    try {
      return call.run(http.doing(doing));
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
