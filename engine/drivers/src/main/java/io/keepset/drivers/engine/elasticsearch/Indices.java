package io.keepset.drivers.engine.elasticsearch;

import io.keepset.drivers.http.HttpApi;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.time.Duration;
import java.util.Optional;

/** What a restore does with whole indices: copies of them, and what they are like. */
final class Indices {
  private static final String WRITE = "index.blocks.write";
  private static final String CLOSED = "index.verified_before_close";

  private final Cluster cluster;
  private final Duration silence;

  /**
   * @param silence how long a copy may make no progress
   */
  Indices(Cluster cluster, Duration silence) {
    this.cluster = cluster;
    this.silence = silence;
  }

  /**
   * How an index is, apart from what is in it.
   *
   * @param blocked whether it takes no writes
   * @param aliases as the body of a request takes them
   */
  record State(boolean blocked, boolean closed, MapNode aliases) {
    /** The same with other aliases. */
    State with(MapNode others) {
      return new State(blocked, closed, others);
    }
  }

  /** Empty if there is no such index. */
  Optional<State> state(String name) throws DriverException {
    Optional<Node> settings = cluster.find(path(name, "_settings?flat_settings=true"));
    if (settings.isEmpty()) {
      return Optional.empty();
    }
    MapNode found = part(settings.get(), name, "settings");
    MapNode aliases = part(cluster.ask("GET", path(name, "_alias"), null), name, "aliases");
    return Optional.of(new State(isTrue(found, WRITE), isTrue(found, CLOSED), aliases));
  }

  private static MapNode part(Node answer, String name, String key) {
    return Cluster.map(answer)
        .map(name)
        .flatMap(index -> index.map(key))
        .orElseGet(() -> new MapBuilder().build());
  }

  private static boolean isTrue(MapNode settings, String key) {
    return settings.text(key).equals(Optional.of("true"));
  }

  /**
   * Makes an index that holds what another does, by the cluster's own clone: links to the same
   * files where the disk knows such. The other takes no writes afterwards.
   *
   * @param as what the new one is to be like
   * @throws DriverException if it does not hold as many documents
   */
  void copy(String from, String to, State as) throws DriverException {
    cluster.ask("POST", path(from, "_open"), null);
    block(from, true);
    cluster.ask(
        "POST",
        path(from, "_clone/") + HttpApi.segment(to),
        new MapBuilder().put("aliases", as.aliases()).build());
    await(to);
    String wanted = documents(from);
    String there = documents(to);
    if (!there.equals(wanted)) {
      throw new DriverException(
          Kind.TRANSIENT,
          "the copy of " + from + " holds " + there + " documents and not " + wanted);
    }
    make(to, as);
  }

  /** Blocked and closed as it was. */
  void make(String name, State as) throws DriverException {
    block(name, as.blocked());
    if (as.closed()) {
      cluster.ask("POST", path(name, "_close"), null);
    }
  }

  void delete(String name) throws DriverException {
    cluster.delete(HttpApi.segment(name));
  }

  private void block(String name, boolean writes) throws DriverException {
    cluster.ask(
        "PUT",
        path(name, "_settings"),
        new MapBuilder().put(WRITE, writes ? "true" : null).build());
  }

  private void await(String name) throws DriverException {
    Waiting waiting = new Waiting("the copy to " + name, silence);
    while (true) {
      String status;
      try {
        status =
            Cluster.map(cluster.ask("GET", "_cluster/health/" + HttpApi.segment(name), null))
                .text("status")
                .orElse("");
      } catch (DriverException e) {
        waiting.after(e);
        continue;
      }
      if (status.equals("green") || status.equals("yellow")) {
        return;
      }
      waiting.after(status);
    }
  }

  private String documents(String name) throws DriverException {
    cluster.ask("POST", path(name, "_refresh"), null);
    MapNode answer = Cluster.map(cluster.ask("GET", path(name, "_stats/docs"), null));
    return answer
        .map("_all")
        .flatMap(all -> all.map("primaries"))
        .flatMap(primaries -> primaries.map("docs"))
        .flatMap(docs -> docs.text("count"))
        .orElse("?");
  }

  private static String path(String name, String rest) {
    return HttpApi.segment(name) + "/" + rest;
  }
}
