package io.keepset.drivers.engine.etcd;

import io.keepset.drivers.tool.SecretFiles;
import io.keepset.drivers.tool.Undoing;
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
import java.io.OutputStream;
import java.nio.file.Files;
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

  private EtcdRestore(Cluster cluster, Mode mode) {
    this.cluster = cluster;
    this.mode = mode;
    this.writing = new Writing(cluster, mode == Mode.NEW);
  }

  static RestoreReport run(InputStream artifact, Source target, RestoreRequest request)
      throws DriverException {
    Cluster cluster = EtcdTarget.check(target, request);
    try (SecretFiles files = new SecretFiles()) {
      Path copy = files.create("snapshot.db");
      try (OutputStream out = SecretFiles.fill(copy)) {
        artifact.transferTo(out);
      }
      return new EtcdRestore(cluster, request.mode()).run(copy);
    } catch (IOException e) {
      throw BrokenStream.unreadable(e);
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
      throw BrokenStream.unreadable(e);
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
    if (!writing.begun()) {
      return "";
    }
    try {
      writing.takeBack(keys);
      return "; what was written was deleted again";
    } catch (DriverException e) {
      return "; what was written to etcd "
          + cluster.where()
          + " could not be deleted again ("
          + e.getMessage()
          + ")";
    }
  }
}
