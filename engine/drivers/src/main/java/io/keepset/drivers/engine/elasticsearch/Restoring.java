package io.keepset.drivers.engine.elasticsearch;

import io.keepset.drivers.http.HttpApi;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One restore inside the cluster, followed by asking: a connection that breaks costs nothing, and a
 * restore that stands still is noticed.
 */
final class Restoring {
  private final Cluster cluster;
  private final Repository repository;
  private final Duration silence;
  private final Progress progress;

  /**
   * @param silence how long it may make no progress
   * @param progress hears of the bytes that the shards have got
   */
  Restoring(Repository repository, Duration silence, Progress progress) {
    this.cluster = repository.cluster();
    this.repository = repository;
    this.silence = silence;
    this.progress = progress;
  }

  /**
   * Starts it and waits for its end.
   *
   * @param pattern of the indices that it makes
   * @param expected indices that must be there afterwards
   * @throws DriverException DAMAGED if a shard could not be restored
   */
  void run(String snapshot, MapNode body, String pattern, Collection<String> expected)
      throws DriverException {
    DriverException lost = null;
    try {
      cluster.ask("POST", repository.restorePath(snapshot), body);
    } catch (DriverException e) {
      if (e.kind() != Kind.TRANSIENT) {
        throw e;
      }
      // It may have heard the question all the same.
      lost = e;
    }
    await(pattern);
    Set<String> made = new TreeSet<>(expected);
    made.addAll(shards(pattern).keySet());
    if (lost != null && cluster.indices(List.copyOf(made)).isEmpty()) {
      throw lost;
    }
    requireWhole(made);
  }

  private void await(String pattern) throws DriverException {
    Waiting waiting = new Waiting("the restore", silence);
    while (true) {
      String seen;
      try {
        Optional<MapNode> running = running();
        if (running.isEmpty()) {
          return;
        }
        seen = seen(running.get(), pattern);
      } catch (DriverException e) {
        waiting.after(e);
        continue;
      }
      waiting.after(seen);
    }
  }

  /** What the cluster says of it while it goes on. */
  private Optional<MapNode> running() throws DriverException {
    MapNode answer =
        Cluster.map(cluster.ask("GET", "_cluster/state/customs?filter_path=restore", null));
    return answer
        .map("restore")
        .flatMap(
            restores ->
                restores.maps("snapshots").stream()
                    .filter(one -> one.text("repository").equals(Optional.of(repository.name())))
                    .findFirst());
  }

  private String seen(MapNode running, String pattern) throws DriverException {
    long done = 0;
    long total = 0;
    for (List<MapNode> index : shards(pattern).values()) {
      for (MapNode shard : index) {
        MapNode size = shard.map("index").flatMap(map -> map.map("size")).orElse(shard);
        done += size.text("recovered_in_bytes").map(Long::parseLong).orElse(0L);
        total += size.text("total_in_bytes").map(Long::parseLong).orElse(0L);
      }
    }
    progress.at(done, total > 0 ? total : -1);
    long waiting =
        running.maps("shards").stream()
            .filter(shard -> !shard.text("state").equals(Optional.of("SUCCESS")))
            .count();
    return waiting + " " + done;
  }

  /** Shards, by index, that came or come out of our repository. */
  private SortedMap<String, List<MapNode>> shards(String pattern) throws DriverException {
    Optional<Node> answer =
        cluster.find(
            pattern
                + "/_recovery?expand_wildcards=all"
                + "&filter_path=*.shards.source.repository,*.shards.index.size");
    SortedMap<String, List<MapNode>> ours = new TreeMap<>();
    for (MapNode.Entry index : answer.map(Cluster::map).map(MapNode::entries).orElse(List.of())) {
      for (MapNode shard : Cluster.map(index.value()).maps("shards")) {
        if (from(shard).equals(Optional.of(repository.name()))) {
          ours.computeIfAbsent(index.key(), unused -> new ArrayList<>()).add(shard);
        }
      }
    }
    return ours;
  }

  /** It ends as done where shards could not be restored, too: those indices are red. */
  private void requireWhole(Set<String> made) throws DriverException {
    Set<String> missing = new TreeSet<>(made);
    Set<String> red = new TreeSet<>();
    MapNode answer =
        Cluster.map(
            cluster.ask("GET", "_cluster/health?level=indices&filter_path=indices.*.status", null));
    for (MapNode.Entry index : answer.map("indices").map(MapNode::entries).orElse(List.of())) {
      if (missing.remove(index.key())
          && Cluster.map(index.value()).text("status").equals(Optional.of("red"))) {
        red.add(index.key());
      }
    }
    if (!missing.isEmpty()) {
      throw new DriverException(
          Kind.TRANSIENT,
          "the restore ended without "
              + String.join(", ", missing)
              + "; look into the cluster's log");
    }
    if (!red.isEmpty()) {
      throw new DriverException(
          Kind.DAMAGED,
          "not all shards of "
              + String.join(", ", red)
              + " could be restored; the cluster's log says why (GET _cluster/allocation/explain)");
    }
  }

  private static Optional<String> from(MapNode shard) {
    return shard.map("source").flatMap(source -> source.text("repository"));
  }

  /** The repository that an index was restored from, as long as the cluster remembers. */
  static Optional<String> origin(Cluster cluster, String index) throws DriverException {
    return cluster
        .find(HttpApi.segment(index) + "/_recovery?filter_path=*.shards.source.repository")
        .flatMap(
            answer ->
                Cluster.map(answer).entries().stream()
                    .flatMap(entry -> Cluster.map(entry.value()).maps("shards").stream())
                    .flatMap(shard -> from(shard).stream())
                    .findFirst());
  }
}
