package io.keepset.drivers.engine.scylla;

import io.keepset.drivers.tls.Tls;
import io.keepset.drivers.tool.Scrubber;
import io.keepset.drivers.tool.Silence;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A cluster, who we are there, and its nodes.
 *
 * @param host contact point for CQL
 * @param part whether it may name fewer nodes than the cluster has
 * @param silence how long a node may take for one task
 */
record Place(
    String host,
    int port,
    String keyspace,
    Optional<String> user,
    Optional<Secret> password,
    Tls tls,
    boolean rest,
    Optional<String> jmxUser,
    Optional<Secret> jmxPassword,
    List<Node> nodes,
    boolean part,
    Duration timeout,
    Duration silence) {
  static final int PORT = 9042;

  /**
   * One node.
   *
   * @param name in the artifact
   * @param api of Scylla; only with {@code control: rest}
   * @param data its data directories, as this machine sees them
   */
  record Node(String name, String host, int jmxPort, String api, List<Path> data) {}

  /** Of the login that reads. */
  static Place toDump(Source source) throws DriverException {
    return of(source, "");
  }

  /** Of the login that creates keyspaces: {@code restore_user}, if there is one. */
  static Place toRestore(Source source) throws DriverException {
    return of(source, source.connection().get("restore_user").isPresent() ? "restore_" : "");
  }

  private static Place of(Source source, String prefix) throws DriverException {
    Options connection = source.connection();
    return new Place(
        connection.get("host", "localhost"),
        Integer.parseInt(connection.get("port", String.valueOf(PORT))),
        connection.get("keyspace", source.database()),
        connection.get(prefix + "user"),
        secret(source, prefix + "password"),
        Tls.of(connection, source.secrets()),
        connection.get("control", "jmx").equals("rest"),
        connection.get("jmx_user"),
        secret(source, "jmx_password"),
        nodes(connection),
        source.options().get("part_of_cluster", "false").equals("true"),
        Duration.ofSeconds(Long.parseLong(connection.get("timeout", "30"))),
        Silence.whileDumping(source.options()));
  }

  private static Optional<Secret> secret(Source source, String key) throws DriverException {
    Optional<String> reference = source.connection().get(key);
    return reference.isEmpty()
        ? Optional.empty()
        : Optional.of(source.secrets().resolve(reference.get()));
  }

  private static List<Node> nodes(Options connection) throws DriverException {
    String host = connection.get("host", "localhost");
    String port = connection.get("jmx_port", "7199");
    SortedSet<String> names = new TreeSet<>();
    for (String key : connection.values().keySet()) {
      if (key.startsWith("nodes.")) {
        names.add(key.substring("nodes.".length(), key.indexOf('.', "nodes.".length())));
      }
    }
    List<Node> nodes = new ArrayList<>();
    for (String name : names) {
      nodes.add(
          node(
              connection,
              name,
              "nodes." + name + ".",
              connection.get("nodes." + name + ".host", name),
              port));
    }
    return names.isEmpty() ? List.of(node(connection, "node", "", host, port)) : nodes;
  }

  private static Node node(
      Options connection, String name, String prefix, String host, String jmxPort)
      throws DriverException {
    List<Path> data = connection.list(prefix + "data").stream().map(Path::of).toList();
    if (data.isEmpty()) {
      throw new DriverException(
          Kind.REJECTED,
          "connection."
              + prefix
              + "data is missing: name the data directories of the node as this machine sees them,"
              + " such as [/var/lib/cassandra/data]");
    }
    return new Node(
        name,
        host,
        Integer.parseInt(connection.get(prefix + "jmx_port", jmxPort)),
        connection.get(prefix + "api_url", "http://" + host + ":10000"),
        data);
  }

  /** For messages: {@code db1.internal:9042}. */
  String where() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  Scrubber scrubber() {
    return new Scrubber(Stream.of(password, jmxPassword).flatMap(Optional::stream).toList());
  }
}
