package io.keepset.drivers.engine.etcd;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;

/** Where a restore goes, after a look at what is there. */
final class EtcdTarget {
  private EtcdTarget() {}

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

  private static DriverException rejected(String message) {
    return new DriverException(Kind.REJECTED, message);
  }
}
