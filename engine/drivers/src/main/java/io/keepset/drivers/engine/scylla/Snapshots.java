package io.keepset.drivers.engine.scylla;

import io.keepset.spi.DriverException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** One snapshot of a keyspace on every node, taken on all at once. */
final class Snapshots {
  private static final Executor OWN_THREAD =
      task -> {
        Thread thread = new Thread(task, "keepset-snapshot");
        thread.setDaemon(true);
        thread.start();
      };

  private final Place place;
  private final String keyspace;
  private final String tag;
  private boolean taken;

  Snapshots(Place place, String keyspace, String tag) {
    this.place = place;
    this.keyspace = keyspace;
    this.tag = tag;
  }

  String tag() {
    return tag;
  }

  /**
   * @throws DriverException of the first node that failed; {@link #clear} is still to be called
   */
  void take() throws DriverException {
    taken = true;
    List<CompletableFuture<Void>> nodes = new ArrayList<>();
    for (Place.Node node : place.nodes()) {
      nodes.add(CompletableFuture.runAsync(() -> take(node), OWN_THREAD));
    }
    DriverException failure = null;
    for (CompletableFuture<Void> node : nodes) {
      try {
        node.join();
      } catch (CompletionException e) {
        failure = e.getCause() instanceof Failed failed ? failed.reason : unexpected(e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private DriverException unexpected(CompletionException e) {
    return Failures.explain("taking a snapshot", e, place);
  }

  private void take(Place.Node node) {
    try (NodeControl control = NodeControl.open(place, node)) {
      control.snapshot(tag, keyspace);
    } catch (DriverException e) {
      throw new Failed(e);
    }
  }

  /** Of all nodes. */
  List<SnapshotFiles.Item> files(SortedMap<String, String> tables) throws DriverException {
    SnapshotFiles files = new SnapshotFiles(place, keyspace, tag);
    List<SnapshotFiles.Item> all = new ArrayList<>();
    for (Place.Node node : place.nodes()) {
      all.addAll(files.of(node, tables));
    }
    return all;
  }

  /** Lets go of them; tells of those that would not go. */
  synchronized List<String> clear() {
    List<String> warnings = new ArrayList<>();
    if (taken) {
      taken = false;
      for (Place.Node node : place.nodes()) {
        try (NodeControl control = NodeControl.open(place, node)) {
          control.clear(tag, keyspace);
        } catch (DriverException e) {
          warnings.add(
              "the snapshot "
                  + tag
                  + " stays on node "
                  + node.name()
                  + " and keeps disk space: nodetool clearsnapshot -t "
                  + tag
                  + " ("
                  + e.getMessage()
                  + ")");
        }
      }
    }
    return warnings;
  }

  /** Carries a reason out of a thread. */
  private static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient DriverException reason;

    Failed(DriverException reason) {
      super(reason);
      this.reason = reason;
    }
  }
}
