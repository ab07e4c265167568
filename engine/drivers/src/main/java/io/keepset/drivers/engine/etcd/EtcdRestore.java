package io.keepset.drivers.engine.etcd;

import io.keepset.drivers.tool.SecretFiles;
import io.keepset.drivers.tool.Undoing;
import io.keepset.source.MapBuilder;
import io.keepset.source.Node;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes the keys of a snapshot into a running cluster. The file is first read to its end, into a
 * file of ours: a tree can't be read in passing, and nothing is written of a backup that is not
 * whole.
 */
final class EtcdRestore {
  /** etcd takes 128 operations and 1.5 MiB at once unless told otherwise. */
  private static final int OPERATIONS = 100;

  private static final int BYTES = 512 << 10;

  private final Cluster cluster;
  private final Mode mode;
  private final List<String> notes = new ArrayList<>();
  private final Set<Long> granted = new TreeSet<>();
  private final List<Node> batch = new ArrayList<>();
  private final Set<Long> made = new TreeSet<>();
  private int batchBytes;

  /** Operations that the server was asked for, whatever it answered. */
  private long sent;

  /** Whether an empty cluster is ours to fill; unknown while we ask, which counts as yes. */
  private boolean ours;

  private EtcdRestore(Cluster cluster, Mode mode) {
    this.cluster = cluster;
    this.mode = mode;
  }

  /** Everything that can be known beforehand; nothing is touched. */
  static Cluster check(Source target, RestoreRequest request) throws DriverException {
    Cluster cluster = address(target, request);
    Health health = Health.ask(cluster);
    if (health.learner()) {
      throw rejected("etcd " + cluster.where() + " is a learner; restore into a voting member");
    }
    if (health.alarms().contains("NOSPACE")) {
      throw rejected(
          "etcd "
              + cluster.where()
              + " has raised the alarm NOSPACE and takes no writes; compact and defragment it, then"
              + " etcdctl alarm disarm");
    }
    long keys = cluster.count();
    if (request.mode() == Mode.NEW && keys > 0) {
      throw rejected(
          "etcd "
              + cluster.where()
              + " holds "
              + keys
              + " keys already; name an empty cluster, restore over this one, or merge");
    }
    return cluster;
  }

  private static Cluster address(Source target, RestoreRequest request) throws DriverException {
    if (request.mode() != Mode.NEW) {
      return Cluster.toRestore(target);
    }
    String address =
        request
            .newName()
            .orElseThrow(
                () ->
                    rejected(
                        "a cluster holds what it holds: name an empty one as host:port to restore"
                            + " into, or restore over this one"));
    return Cluster.toRestore(target, address);
  }

  static RestoreReport run(InputStream artifact, Source target, RestoreRequest request)
      throws DriverException {
    Cluster cluster = check(target, request);
    try (SecretFiles files = new SecretFiles()) {
      Path copy = files.create("snapshot.db");
      copy(artifact, copy);
      try (Bolt bolt = Bolt.open(copy)) {
        return new EtcdRestore(cluster, request.mode()).run(bolt);
      }
    } catch (IOException e) {
      throw BrokenStream.unreadable(e);
    }
  }

  private static void copy(InputStream artifact, Path copy) throws IOException, DriverException {
    Verdict verdict;
    try (OutputStream out = SecretFiles.fill(copy)) {
      verdict = SnapshotFile.verdict(new Copying(artifact, out));
    }
    if (!verdict.good()) {
      throw new DriverException(Kind.DAMAGED, String.join("; ", verdict.findings()));
    }
  }

  private RestoreReport run(Bolt bolt) throws DriverException, IOException {
    Keys keys = Keys.read(bolt);
    long before = cluster.revision();
    try {
      for (Map.Entry<byte[], Keys.Value> key : keys.newest().entrySet()) {
        lease(keys, key.getValue().lease());
        put(key.getKey(), key.getValue(), bolt);
      }
      flush();
      long deleted = mode == Mode.OVER ? deleteOthers(keys) : 0;
      requireAll(keys);
      note(keys, before, deleted);
    } catch (DriverException | IOException | RuntimeException e) {
      throw undo(e, keys, before);
    }
    RestoreReport report = new RestoreReport("etcd " + cluster.where(), notes);
    return mode == Mode.NEW
        ? report.at(cluster.endpoint().host(), cluster.endpoint().port())
        : report;
  }

  /** A lease begins anew: what nobody keeps alive goes after its time, as it would have. */
  private void lease(Keys keys, long id) throws DriverException {
    if (id != 0 && granted.add(id)) {
      if (cluster.grant(id, Math.max(1, keys.leases().getOrDefault(id, 1L)))) {
        made.add(id);
      }
    }
  }

  private void put(byte[] key, Keys.Value value, Bolt bolt) throws DriverException, IOException {
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

  private void flush() throws DriverException {
    if (!batch.isEmpty() && mode == Mode.NEW && !ours) {
      claim();
    } else if (!batch.isEmpty()) {
      sent += batch.size();
      cluster.apply(List.copyOf(batch));
    }
    batch.clear();
    batchBytes = 0;
  }

  /**
   * Somebody else may have begun to fill the cluster since we looked: that is not ours to touch.
   */
  private void claim() throws DriverException {
    sent += batch.size();
    ours = true;
    if (!cluster.applyIfEmpty(List.copyOf(batch))) {
      sent = 0;
      ours = false;
      throw rejected(
          "etcd "
              + cluster.where()
              + " was empty a moment ago and holds keys now: somebody else writes or restores there;"
              + " nothing was written");
    }
  }

  private long deleteOthers(Keys keys) throws DriverException {
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

  /** Only into an empty cluster: all that was sent are keys of the backup, in their order. */
  private void deleteWritten(Keys keys) throws DriverException {
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
  }

  /** Whose lease ran out meanwhile may be gone. */
  private void requireAll(Keys keys) throws DriverException {
    long leased = keys.newest().values().stream().filter(value -> value.lease() != 0).count();
    long there = cluster.count();
    long wanted = keys.newest().size();
    if (there < wanted - leased || (mode == Mode.NEW && there > wanted)) {
      throw new DriverException(
          Kind.TRANSIENT,
          "the backup holds "
              + wanted
              + " keys, the cluster "
              + there
              + " after the restore: somebody else writes there");
    }
  }

  private void note(Keys keys, long before, long deleted) {
    notes.add(keys.newest().size() + " keys written");
    if (deleted > 0) {
      notes.add(deleted + " keys that are not in the backup deleted");
    }
    if (mode != Mode.NEW) {
      notes.add(history(before));
    }
    if (!granted.isEmpty()) {
      notes.add(
          granted.size()
              + " leases begin anew with their whole time; keys of those that nobody keeps alive go"
              + " then");
    }
    notes.add(
        "revisions start anew, and users, roles and old revisions are not restored into a running"
            + " cluster; etcdutl snapshot restore brings all of it back into new members");
  }

  private static String history(long before) {
    return "what was there is revision "
        + before
        + ", to be read until the next compaction: etcdctl get --prefix '' --rev="
        + before;
  }

  private DriverException undo(Exception cause, Keys keys, long before) {
    String end =
        mode == Mode.NEW
            ? Undoing.despiteInterrupt(() -> emptied(keys))
            : "; some keys are as in the backup already. Restore again, which goes over all of"
                + " them, or: "
                + history(before);
    Kind kind =
        cause instanceof DriverException driver
            ? driver.kind()
            : cause instanceof IOException ? Kind.DAMAGED : Kind.TRANSIENT;
    return new DriverException(kind, cause.getMessage() + end, cause);
  }

  private String emptied(Keys keys) {
    if (sent == 0) {
      return "";
    }
    try {
      deleteWritten(keys);
      for (long id : made) {
        cluster.revoke(id);
      }
      return "; what was written was deleted again";
    } catch (DriverException e) {
      return "; what was written to etcd "
          + cluster.where()
          + " could not be deleted again ("
          + e.getMessage()
          + ")";
    }
  }

  private static DriverException rejected(String message) {
    return new DriverException(Kind.REJECTED, message);
  }

  /** Writes down what is read. */
  private static final class Copying extends FilterInputStream {
    private final OutputStream out;

    Copying(InputStream in, OutputStream out) {
      super(in);
      this.out = out;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = in.read(bytes, offset, length);
      if (n > 0) {
        out.write(bytes, offset, n);
      }
      return n;
    }
  }
}
