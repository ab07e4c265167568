package io.keepset.drivers.engine.etcd;

import io.keepset.source.MapBuilder;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Writes to a cluster in transactions that are as large as it takes them. */
final class Writing {
  /** etcd takes 128 operations and 1.5 MiB at once unless told otherwise. */
  private static final int OPERATIONS = 100;

  private static final int BYTES = 512 << 10;

  private final Cluster cluster;
  private final Set<Long> granted = new TreeSet<>();
  private final Set<Long> made = new TreeSet<>();
  private final List<Node> batch = new ArrayList<>();
  private int batchBytes;

  /** Operations that the server was asked for, whatever it answered. */
  private long sent;

  /** Whether a cluster that has to be empty has still to be claimed. */
  private boolean unclaimed;

  /**
   * @param intoEmpty whether the first transaction may only be done in an empty cluster
   */
  Writing(Cluster cluster, boolean intoEmpty) {
    this.cluster = cluster;
    this.unclaimed = intoEmpty;
  }

  /** Whether anything may be there that was sent. */
  boolean begun() {
    return sent > 0;
  }

  /** How many leases keys were put under. */
  int leases() {
    return granted.size();
  }

  /** A lease begins anew: what nobody keeps alive goes after its time, as it would have. */
  void lease(Keys keys, long id) throws DriverException {
    if (id != 0 && granted.add(id)) {
      if (cluster.grant(id, Math.max(1, keys.leases().getOrDefault(id, 1L)))) {
        made.add(id);
      }
    }
  }

  void put(byte[] key, Keys.Value value, Bolt bolt) throws DriverException, IOException {
    byte[] bytes = value.read(bolt);
    MapBuilder put =
        new MapBuilder()
            .put("key", Base64.getEncoder().encodeToString(key))
            .put("value", Base64.getEncoder().encodeToString(bytes));
    if (value.lease() != 0) {
      put.put("lease", String.valueOf(value.lease()));
    }
    add(new MapBuilder().put("request_put", put).build(), key.length + bytes.length);
  }

  private void add(Node operation, int bytes) throws DriverException {
    if (batch.size() == OPERATIONS || (!batch.isEmpty() && batchBytes + bytes > BYTES)) {
      flush();
    }
    batch.add(operation);
    batchBytes += bytes;
  }

  void flush() throws DriverException {
    if (!batch.isEmpty() && unclaimed) {
      claim();
    } else if (!batch.isEmpty()) {
      sent += batch.size();
      cluster.apply(List.copyOf(batch));
    }
    batch.clear();
    batchBytes = 0;
  }

  /**
   * Somebody else may have begun to fill the cluster since we looked: that is not ours to touch. An
   * answer that is lost counts as yes.
   */
  private void claim() throws DriverException {
    sent += batch.size();
    unclaimed = false;
    if (!cluster.applyIfEmpty(List.copyOf(batch))) {
      sent = 0;
      unclaimed = true;
      throw new DriverException(
          Kind.REJECTED,
          "etcd "
              + cluster.where()
              + " was empty a moment ago and holds keys now: somebody else writes or restores there;"
              + " nothing was written");
    }
  }

  /** Deletes what is not in the backup; returns how many keys that were. */
  long deleteOthers(Keys keys) throws DriverException {
    long deleted = 0;
    byte[] from = new byte[1];
    while (true) {
      List<byte[]> page = cluster.keysFrom(from);
      for (byte[] key : page) {
        if (!keys.newest().containsKey(key)) {
          delete(key);
          deleted++;
        }
      }
      flush();
      if (page.isEmpty()) {
        return deleted;
      }
      byte[] last = page.get(page.size() - 1);
      from = Arrays.copyOf(last, last.length + 1); // The next there can be.
    }
  }

  private void delete(byte[] key) throws DriverException {
    MapBuilder delete = new MapBuilder().put("key", Base64.getEncoder().encodeToString(key));
    add(new MapBuilder().put("request_delete_range", delete).build(), key.length);
  }

  /**
   * Takes back what was written into an empty cluster: all that was sent are keys of the backup, in
   * their order.
   */
  void takeBack(Keys keys) throws DriverException {
    batch.clear();
    batchBytes = 0;
    long left = sent;
    for (byte[] key : keys.newest().keySet()) {
      if (left-- <= 0) {
        break;
      }
      delete(key);
    }
    flush();
    for (long id : made) {
      cluster.revoke(id);
    }
  }
}
