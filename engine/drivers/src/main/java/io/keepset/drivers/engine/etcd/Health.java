package io.keepset.drivers.engine.etcd;

import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * How a member is.
 *
 * @param status as {@code maintenance/status} answers it
 */
record Health(MapNode status, List<String> alarms) {
  /** More log entries to apply than this is not the moment of an ordinary write. */
  private static final long LAG = 1000;

  private static final long LARGE = 100L << 20;

  static Health ask(Cluster cluster) throws DriverException {
    MapNode status = cluster.status();
    List<String> alarms;
    try {
      alarms = cluster.alarms();
    } catch (DriverException e) {
      if (e.kind() != Kind.DENIED) {
        throw e;
      }
      alarms = List.of(); // A user who may not ask may take no snapshot either, and hears so there.
    }
    return new Health(status, alarms);
  }

  /** {@code 3.4.23}. */
  String version() {
    return status.text("version").orElse("of unknown version");
  }

  boolean learner() {
    return status.text("isLearner").orElse("false").equals("true");
  }

  /** A snapshot of a member that is not what the cluster agreed upon is worse than none. */
  void requireToDump(Cluster cluster) throws DriverException {
    if (alarms.contains("CORRUPT")) {
      throw new DriverException(
          Kind.REJECTED,
          "etcd "
              + cluster.where()
              + " has raised the alarm CORRUPT: its members disagree about the data; back up one that"
              + " is right, and rebuild the others");
    }
    if (learner()) {
      throw new DriverException(
          Kind.REJECTED,
          "etcd " + cluster.where() + " is a learner, which may be behind; name a voting member");
    }
    if (status.text("leader").orElse("0").equals("0")) {
      throw new DriverException(
          Kind.TRANSIENT,
          "etcd "
              + cluster.where()
              + " knows no leader, so what it holds may be old; see that most members run");
    }
  }

  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (alarms.contains("NOSPACE")) {
      warnings.add(
          "the alarm NOSPACE is raised: nothing can be written; compact, defragment, then etcdctl"
              + " alarm disarm");
    }
    long behind = Cluster.number(status, "raftIndex") - Cluster.number(status, "raftAppliedIndex");
    if (behind > LAG) {
      warnings.add("the member was " + behind + " entries behind its log when the snapshot began");
    }
    long size = Cluster.number(status, "dbSize");
    long used = Cluster.number(status, "dbSizeInUse");
    if (size > LARGE && used > 0 && size > used * 2) {
      warnings.add(
          "of "
              + size
              + " bytes only "
              + used
              + " are in use, and a snapshot holds them all: etcdctl defrag makes it smaller");
    }
    return warnings;
  }
}
