package io.keepset.drivers.engine.elasticsearch;

import io.keepset.spi.DriverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a restore over indices makes beside them while it lasts, and what one that was killed left
 * there. Their names are derived from the index, so that the next restore knows them again.
 */
final class Leftovers {
  /** Before the name of an index: as it is in the backup. */
  private static final String RESTORED = "keepset-restored-";

  /** Before the name of an index: as it was before the restore. */
  private static final String FORMER = "keepset-former-";

  private final Cluster cluster;
  private final Indices indices;

  Leftovers(Cluster cluster, Indices indices) {
    this.cluster = cluster;
    this.indices = indices;
  }

  static String restored(String name) {
    return RESTORED + name;
  }

  static String former(String name) {
    return FORMER + name;
  }

  /** For a restore's body: what {@link #restored} does. */
  static String replacement() {
    return RESTORED + "$1";
  }

  /** All that are called like {@link #restored}. */
  static String pattern() {
    return RESTORED + "*";
  }

  /** Whether an index is nobody's but a restore's. */
  static boolean is(String name) {
    return name.startsWith(RESTORED) || name.startsWith(FORMER);
  }

  /** For a snapshot's list of indices: without these. */
  static List<String> without() {
    return List.of("-" + RESTORED + "*", "-" + FORMER + "*");
  }

  /** What there is of it, for people; a restore that is under way may need it. */
  static List<String> found(Cluster cluster) throws DriverException {
    List<String> found = new ArrayList<>();
    for (String name : cluster.indices(List.of(RESTORED + "*", FORMER + "*"))) {
      boolean former = name.startsWith(FORMER);
      String index = name.substring((former ? FORMER : RESTORED).length());
      found.add(
          "index "
              + name
              + " holds "
              + index
              + (former ? " as it was before a restore" : " as it is in a backup")
              + ": unless a restore is under way now, one broke off. Restore over again, which goes"
              + " on from there, or delete it; if "
              + index
              + " takes no writes since: PUT "
              + index
              + "/_settings {\"index.blocks.write\": null}");
    }
    return found;
  }

  /**
   * Clears what an earlier restore of these indices left, except for the only copy of an index.
   *
   * @return what was done, for people
   */
  List<String> clear(Set<String> names, Place place) throws DriverException {
    List<String> notes = new ArrayList<>();
    for (String name : names) {
      if (indices.state(restored(name)).isPresent()) {
        var origin = Restoring.origin(cluster, restored(name)).filter(Repository::ours);
        indices.delete(restored(name));
        if (origin.isPresent()) {
          notes.addAll(Repository.left(cluster, place, origin.get()).drop(false));
        }
        notes.add(restored(name) + " of a restore that broke off was deleted");
      }
      if (indices.state(former(name)).isPresent()) {
        if (indices.state(name).isPresent()) {
          indices.delete(former(name));
          notes.add(former(name) + " of a restore that broke off was deleted");
        } else {
          notes.add(
              name
                  + " was only there as "
                  + former(name)
                  + ", where a restore that broke off had put it");
        }
      }
    }
    return notes;
  }
}
