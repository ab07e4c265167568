package io.keepset.drivers.engine.scylla;

import io.keepset.drivers.tool.Undoing;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;

/**
 * A restore: everything is unpacked beside the data first and checked, then the keyspace is made
 * and takes the files in. Over a keyspace, the old one is dropped in between; a snapshot of it is
 * kept, and brings it back if the rest fails.
 */
final class SnapshotRestore {
  private final RestorePlan plan;
  private final Cql cql;
  private final Place place;
  private final List<String> notes = new ArrayList<>();
  private boolean made;

  SnapshotRestore(RestorePlan plan, Cql cql) {
    this.plan = plan;
    this.cql = cql;
    this.place = plan.place();
  }

  RestoreReport run(InputStream artifact) throws DriverException {
    SortedMap<String, Place.Node> nodes = plan.nodes();
    // Two restores that begin in the same second must not unpack into the same place.
    String name = "restoring-" + plan.stamp() + "-" + UUID.randomUUID().toString().substring(0, 8);
    try (Staging staging = new Staging(place, plan.keyspace(), name)) {
      SnapshotReader reader = new SnapshotReader(staging.taker(nodes));
      unpack(reader, artifact);
      String from = reader.header().keyspace();
      if (plan.over()) {
        over(reader.schema(), from, staging);
      } else {
        make(reader.schema(), from, staging);
      }
    }
    notes.add("users and roles are not in a backup of one keyspace, and are as they were");
    return new RestoreReport("keyspace " + plan.keyspace() + " on " + place.where(), notes);
  }

  private void unpack(SnapshotReader reader, InputStream artifact) throws DriverException {
    try {
      reader.read(artifact);
    } catch (Staging.Full e) {
      throw Failures.explain("unpacking beside the data", e, place);
    } catch (IOException e) {
      throw BrokenStream.unreadable(e);
    }
  }

  private void make(Schema schema, String from, Staging staging) throws DriverException {
    try {
      create(schema, from, staging);
    } catch (DriverException | RuntimeException e) {
      // Somebody may have made one of that name meanwhile: that is not ours to drop.
      if (made) {
        throw Undoing.despiteInterrupt(() -> dropped(e));
      }
      throw e;
    }
  }

  private void create(Schema schema, String from, Staging staging) throws DriverException {
    for (String statement : schema.forKeyspace(from, plan.keyspace(), false)) {
      cql.execute(statement);
      made = true; // The first one creates the keyspace.
    }
    staging.load(cql.tables(plan.keyspace()));
    List<String> views = schema.forKeyspace(from, plan.keyspace(), true);
    for (String statement : views) {
      cql.execute(statement);
    }
    if (!views.isEmpty()) {
      notes.add("materialized views are being filled by the nodes in the background");
    }
  }

  private void over(Schema schema, String from, Staging staging) throws DriverException {
    String keyspace = plan.keyspace();
    Schema old = cql.schema(keyspace);
    Snapshots before = new Snapshots(place, keyspace, "keepset-before-" + plan.stamp());
    try (Staging kept = new Staging(place, keyspace, "before-" + plan.stamp())) {
      before.take();
      kept.link(before.files(cql.tables(keyspace)));
      // Whatever fails from here on, these files go only when the keyspace is there for sure.
      kept.keep();
      DropSnapshots dropped = DropSnapshots.watch(place, keyspace);
      drop(old, kept, dropped);
      try {
        create(schema, from, staging);
      } catch (DriverException | RuntimeException e) {
        throw broughtBack(old, kept, dropped, e);
      }
      notes.addAll(dropped.clear());
      notes.add(
          "what was there is kept in "
              + kept.places()
              + ", as files to import; when you no longer need it, remove it: rm -r "
              + String.join(" ", kept.places()));
    } finally {
      // The files themselves are linked beside the data: the snapshot's own links may go.
      before.clear();
    }
  }

  private void drop(Schema old, Staging kept, DropSnapshots dropped) throws DriverException {
    try {
      cql.execute("DROP KEYSPACE " + CqlText.identifier(plan.keyspace()));
    } catch (DriverException e) {
      // An answer that did not come says nothing: it may have been dropped, or be dropped yet.
      if (isThere()) {
        if (e.kind() == Kind.DENIED) {
          kept.letGo();
          throw e;
        }
        throw new DriverException(
            e.kind(),
            e.getMessage()
                + "; the keyspace is still there and was not touched further; should it go all the"
                + " same, its files lie in "
                + kept.places(),
            e);
      }
      throw broughtBack(old, kept, dropped, e);
    }
  }

  private boolean isThere() {
    try {
      return cql.exists(plan.keyspace());
    } catch (DriverException e) {
      return false; // To be brought back, which tells where the files are if it fails.
    }
  }

  private DriverException broughtBack(
      Schema old, Staging kept, DropSnapshots dropped, Exception reason) {
    return Undoing.despiteInterrupt(() -> madeAgain(old, kept, dropped, reason));
  }

  private DriverException madeAgain(
      Schema old, Staging kept, DropSnapshots dropped, Exception reason) {
    try {
      cql.execute("DROP KEYSPACE IF EXISTS " + CqlText.identifier(plan.keyspace()));
      create(old, plan.keyspace(), kept);
      kept.letGo();
      List<String> end = new ArrayList<>(List.of(message(reason)));
      end.add("the keyspace was dropped and made again, and is again what it was");
      end.addAll(dropped.clear());
      return new DriverException(kind(reason), String.join("; ", end), reason);
    } catch (DriverException | RuntimeException e) {
      return new DriverException(
          Kind.REJECTED,
          message(reason)
              + "; bringing back what was there failed too ("
              + e.getMessage()
              + "): its files lie in "
              + kept.places()
              + "; make the keyspace and its tables again and import them with nodetool import",
          e);
    }
  }

  private static Kind kind(Exception reason) {
    return reason instanceof DriverException driver ? driver.kind() : Kind.TRANSIENT;
  }

  private static String message(Exception reason) {
    return String.valueOf(reason.getMessage());
  }

  private DriverException dropped(Exception reason) {
    DropSnapshots made = DropSnapshots.watch(place, plan.keyspace());
    try {
      cql.execute("DROP KEYSPACE IF EXISTS " + CqlText.identifier(plan.keyspace()));
      List<String> end = new ArrayList<>(List.of(message(reason)));
      end.addAll(made.clear());
      return new DriverException(kind(reason), String.join("; ", end), reason);
    } catch (DriverException e) {
      return new DriverException(
          kind(reason),
          reason.getMessage()
              + "; the half-restored keyspace "
              + plan.keyspace()
              + " could not be dropped ("
              + e.getMessage()
              + "): drop it by hand",
          reason);
    }
  }
}
