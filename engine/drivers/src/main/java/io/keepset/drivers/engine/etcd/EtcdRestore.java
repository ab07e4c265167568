package io.keepset.drivers.engine.etcd;

import io.keepset.drivers.tool.SecretFiles;
<<<<<<< HEAD
=======
import io.keepset.drivers.tool.Undoing;
import io.keepset.source.MapBuilder;
import io.keepset.source.Node;
>>>>>>> origin/main
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
<<<<<<< HEAD
import java.nio.file.Files;
=======
import java.io.OutputStream;
>>>>>>> origin/main
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes the keys of a snapshot into a running cluster. The file is first read to its end, into a
 * file of ours: a tree can't be read in passing, and nothing is written of a backup that is not
 * whole.
 */
final class EtcdRestore {
  private final Cluster cluster;
  private final Mode mode;
  private final Writing writing;
  private final List<String> notes = new ArrayList<>();

  /** Whether an empty cluster is ours to fill; unknown while we ask, which counts as yes. */
  private boolean ours;

  private EtcdRestore(Cluster cluster, Mode mode) {
    this.cluster = cluster;
    this.mode = mode;
    this.writing = new Writing(cluster);
  }

  static RestoreReport run(InputStream artifact, Source target, RestoreRequest request)
      throws DriverException {
    Cluster cluster = EtcdTarget.check(target, request);
    try (SecretFiles files = new SecretFiles()) {
<<<<<<< HEAD
      Path copy = files.write("snapshot.db", artifact);
      return new EtcdRestore(cluster, request.mode()).run(copy);
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "reading the backup");
    }
  }

  private RestoreReport run(Path copy) throws DriverException {
    try (InputStream in = Files.newInputStream(copy)) {
      Verdict verdict = SnapshotFile.verdict(in);
      if (!verdict.good()) {
        throw new DriverException(Kind.DAMAGED, String.join("; ", verdict.findings()));
      }
      try (Bolt bolt = Bolt.open(copy)) {
        return run(bolt);
      }
    } catch (IOException e) {
      throw new DriverException(Kind.DAMAGED, "the backup could not be read: " + e.getMessage(), e);
=======
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
>>>>>>> origin/main
    }
  }

  private RestoreReport run(Bolt bolt) throws DriverException, IOException {
    Keys keys = Keys.read(bolt);
    long before = cluster.revision();
    try {
      for (Map.Entry<byte[], Keys.Value> key : keys.newest().entrySet()) {
        writing.lease(keys, key.getValue().lease());
        writing.put(key.getKey(), key.getValue(), bolt);
      }
      writing.flush();
      long deleted = mode == Mode.OVER ? writing.deleteOthers(keys) : 0;
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

<<<<<<< HEAD
=======
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

>>>>>>> origin/main
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
    if (writing.leases() > 0) {
      notes.add(
          writing.leases()
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
<<<<<<< HEAD
    String end;
    if (mode == Mode.NEW) {
      try {
        writing.takeBack(keys);
        end = "; what was written was deleted again";
      } catch (DriverException e) {
        end = "; what was written could not be deleted again (" + e.getMessage() + ")";
      }
    } else {
      end =
          "; some keys are as in the backup already. Restore again, which goes over all of them, or: "
              + history(before);
    }
=======
    String end =
        mode == Mode.NEW
            ? Undoing.despiteInterrupt(() -> emptied(keys))
            : "; some keys are as in the backup already. Restore again, which goes over all of"
                + " them, or: "
                + history(before);
>>>>>>> origin/main
    Kind kind =
        cause instanceof DriverException driver
            ? driver.kind()
            : cause instanceof IOException ? Kind.DAMAGED : Kind.TRANSIENT;
    return new DriverException(kind, cause.getMessage() + end, cause);
  }
<<<<<<< HEAD
=======

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
>>>>>>> origin/main
}
