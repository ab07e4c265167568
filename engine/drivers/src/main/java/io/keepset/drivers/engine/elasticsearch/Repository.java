package io.keepset.drivers.engine.elasticsearch;

import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A snapshot repository of one run: registered, used, unregistered, and its directory deleted. A
 * name of its own for each, because no two may write to one directory.
 */
final class Repository {
  /** Of the one snapshot in it. */
  static final String SNAPSHOT = "backup";

  private static final String PREFIX = "keepset-";

  private final Cluster cluster;
  private final String name;
  private final Place place;
  private boolean known;

  private Repository(Cluster cluster, String name, Place place) {
    this.cluster = cluster;
    this.name = name;
    this.place = place;
  }

  /** One that a run of ours registered and did not let go of. */
  static Repository left(Cluster cluster, Place common, String name) {
    Repository repository = new Repository(cluster, name, common.below(name));
    repository.known = true;
    return repository;
  }

  /** Whether a run of ours made the repository of this name. */
  static boolean ours(String name) {
    return name.matches(PREFIX + "[0-9a-f-]{36}");
  }

  /** Not registered yet. */
  static Repository fresh(Cluster cluster, Place common) {
    String name = PREFIX + UUID.randomUUID();
    return new Repository(cluster, name, common.below(name));
  }

  Place place() {
    return place;
  }

  Cluster cluster() {
    return cluster;
  }

  private String path() {
    return "_snapshot/" + name;
  }

  void register(boolean readonly) throws DriverException {
    // Also if the answer is lost.
    known = true;
    cluster.ask(
        "PUT",
        path(),
        new MapBuilder()
            .put("type", "fs")
            .put(
                "settings",
                new MapBuilder().put("location", place.server()).put("readonly", readonly).build())
            .build());
  }

  /**
   * Takes the snapshot and waits for its end.
   *
   * @param silence how long it may make no progress
   * @throws DriverException if it is anything but a success
   */
  MapNode snapshot(List<String> indices, boolean globalState, Duration silence)
      throws DriverException {
    cluster.ask(
        "PUT",
        path() + "/" + SNAPSHOT + "?wait_for_completion=false",
        new MapBuilder()
            .put("indices", String.join(",", indices))
            .put("include_global_state", globalState)
            .put("metadata", new MapBuilder().put("taken_by", "keepset").build())
            .build());
    MapNode snapshot = await(silence);
    String state = snapshot.text("state").orElse("unknown");
    String failed = snapshot.map("shards").flatMap(shards -> shards.text("failed")).orElse("?");
    if (!state.equals("SUCCESS") || !failed.equals("0")) {
      throw new DriverException(
          Kind.TRANSIENT,
          "the snapshot ended as "
              + state
              + " with "
              + failed
              + " failed shards, which is no backup: "
              + failures(snapshot)
              + "; look at GET _cluster/health and the cluster's log");
    }
    return snapshot;
  }

  private static String failures(MapNode snapshot) {
    List<String> reasons = new ArrayList<>();
    for (MapNode map : snapshot.maps("failures")) {
      reasons.add(map.text("index").orElse("") + ": " + map.text("reason").orElse(""));
    }
    List<String> some = reasons.subList(0, Math.min(3, reasons.size()));
    return some.isEmpty() ? "no reason given" : String.join("; ", some);
  }

  private MapNode await(Duration silence) throws DriverException {
    Waiting waiting = new Waiting("the snapshot", silence);
    while (true) {
      String seen;
      try {
        MapNode snapshot = only();
        if (!snapshot.text("state").orElse("").equals("IN_PROGRESS")) {
          return snapshot;
        }
        seen = progress();
      } catch (DriverException e) {
        waiting.after(e);
        continue;
      }
      waiting.after(seen);
    }
  }

  /** Shards and bytes that are done; empty if it can't be told. */
  private String progress() throws DriverException {
    Optional<Node> status = cluster.find(path() + "/" + SNAPSHOT + "/_status");
    return status
        .flatMap(node -> Cluster.map(node).maps("snapshots").stream().findFirst())
        .map(
            map ->
                map.map("shards_stats").flatMap(stats -> stats.text("done")).orElse("")
                    + " "
                    + map.map("stats")
                        .flatMap(stats -> stats.map("processed"))
                        .flatMap(done -> done.text("size_in_bytes"))
                        .orElse(""))
        .orElse("");
  }

  /** The one snapshot in it. */
  MapNode only() throws DriverException {
    List<MapNode> snapshots =
        Cluster.map(cluster.ask("GET", path() + "/_all", null)).maps("snapshots");
    if (snapshots.size() != 1) {
      throw Failures.rejected(
          "the repository holds " + snapshots.size() + " snapshots, not the one of a backup");
    }
    return snapshots.get(0);
  }

  /** The name that it is registered by. */
  String name() {
    return name;
  }

  String restorePath(String snapshot) {
    return path() + "/" + snapshot + "/_restore?wait_for_completion=false";
  }

  /** Lets go of it all; returns what could not be cleaned, for people. */
  List<String> drop(boolean withSnapshot) {
    List<String> left = new ArrayList<>();
    boolean interrupted = Thread.interrupted();
    try {
      if (withSnapshot) {
        // The server made these files: it may delete them where we may only read.
        cluster.delete(path() + "/" + SNAPSHOT);
      }
      cluster.delete(path());
    } catch (DriverException e) {
      if (known) {
        // A restore whose answer was cut off goes on in the cluster, and reads these files.
        left.add(
            "repository "
                + name
                + " may still be registered and in use, so its files stay: once the cluster is"
                + " done with it (GET _cat/recovery?active_only), DELETE "
                + path()
                + " and remove "
                + place.local()
                + "; "
                + e.getMessage());
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return left;
      }
    }
    try {
      place.delete();
    } catch (IOException e) {
      left.add(
          place.local()
              + " could not be removed ("
              + e.getMessage()
              + "); what is left in it is small: rm -r it");
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return left;
  }
}
