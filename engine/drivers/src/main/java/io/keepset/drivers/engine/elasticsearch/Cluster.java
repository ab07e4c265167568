package io.keepset.drivers.engine.elasticsearch;

import io.keepset.drivers.http.Endpoint;
import io.keepset.drivers.http.HttpApi;
import io.keepset.drivers.http.Refused;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A cluster over its REST API. */
record Cluster(HttpApi http) {
  private static final String PRODUCT = "Elasticsearch";
  private static final int PORT = 9200;

  /** By the login that reads. */
  static Cluster toDump(Source source) throws DriverException {
    return new Cluster(new HttpApi(Endpoint.toDump(PRODUCT, source, PORT)));
  }

  /** By the login that restores. */
  static Cluster toRestore(Source source) throws DriverException {
    return new Cluster(new HttpApi(Endpoint.toRestore(PRODUCT, source, PORT)));
  }

  String where() {
    return http.endpoint().where();
  }

  /** Of the node that answers: the lowest in a cluster that is being upgraded is unknown. */
  Version version() throws DriverException {
    MapNode answer = map(ask("GET", "_nodes/_local?filter_path=nodes.*.version", null));
    return answer
        .map("nodes")
        .flatMap(nodes -> nodes.entries().stream().findFirst())
        .map(MapNode.Entry::value)
        .flatMap(node -> map(node).text("version"))
        .map(Version::live)
        .orElseThrow(
            () -> Failures.rejected(where() + " does not say its version: what listens there?"));
  }

  Node ask(String method, String path, @Nullable Node body) throws DriverException {
    try {
      return http.send(method, path, body);
    } catch (Refused e) {
      throw Failures.explain(HttpApi.request(method, path), e, http.endpoint());
    }
  }

  /** The same, of what need not be there. */
  Optional<Node> find(String path) throws DriverException {
    try {
      return http.find(path);
    } catch (Refused e) {
      throw Failures.explain(HttpApi.request("GET", path), e, http.endpoint());
    }
  }

  /** The same, where it is no mistake if it has gone already. */
  void delete(String path) throws DriverException {
    try {
      http.send("DELETE", path, null);
    } catch (Refused e) {
      if (e.status() != 404) {
        throw Failures.explain(HttpApi.request("DELETE", path), e, http.endpoint());
      }
    }
  }

  /**
   * Indices of these names or patterns, hidden ones aside. A pattern behind a minus takes out what
   * those before it brought in, as it does in a snapshot.
   */
  Set<String> indices(List<String> patterns) throws DriverException {
    Set<String> names = new TreeSet<>();
    // One by one: a name that is not there would take the others with it.
    for (String pattern : patterns) {
      if (pattern.startsWith("-")) {
        names.removeAll(indices(pattern.substring(1)));
      } else {
        names.addAll(indices(pattern));
      }
    }
    names.removeIf(name -> name.startsWith("."));
    return names;
  }

  private Set<String> indices(String pattern) throws DriverException {
    Set<String> names = new TreeSet<>();
    Optional<Node> found =
        find(
            "_cat/indices/"
                + HttpApi.segment(pattern)
                + "?format=json&h=index&expand_wildcards=open,closed");
    if (found.isPresent() && found.get() instanceof ListNode list) {
      list.items().forEach(item -> map(item).text("index").ifPresent(names::add));
    }
    return names;
  }

  /** Whether anything has this name: index, alias or data stream. */
  boolean taken(String name) throws DriverException {
    return find(HttpApi.segment(name)).isPresent();
  }

  static MapNode map(Node node) {
    return node instanceof MapNode map ? map : new MapBuilder().build();
  }

  static List<Node> list(MapNode map, String key) {
    return map.get(key)
        .map(node -> node instanceof ListNode list ? list.items() : List.<Node>of())
        .orElse(List.of());
  }

  static String text(Node node) {
    return node instanceof ScalarNode scalar ? scalar.text() : "";
  }
}
