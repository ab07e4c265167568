package io.keepset.drivers.engine.scylla;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which server takes which files: a Cassandra those of its own major version and of the one before,
 * a Scylla those of its own version and of older ones.
 */
final class Release {
  private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

  /** More than any major version has. */
  private static final int MINORS = 10_000;

  private Release() {}

  /**
   * What the cluster is: a Scylla tells by CQL the version of Cassandra that it is compatible with,
   * and its own by its REST API only.
   *
   * @param newest which node counts while the cluster is upgraded
   */
  static String of(Place place, Cql cql, boolean newest) throws DriverException {
    if (!place.rest()) {
      return cql.release();
    }
    String found = "";
    for (Place.Node node : place.nodes()) {
      try (RestControl control = new RestControl(place, node)) {
        String release = control.release();
        int step = found.isEmpty() ? 0 : number(release) - number(found);
        if (found.isEmpty() || (newest ? step > 0 : step < 0)) {
          found = release;
        }
      }
    }
    return found;
  }

  /**
   * @throws DriverException REJECTED with both versions
   */
  static void require(String from, String to, boolean scylla) throws DriverException {
    if (scylla) {
      requireSameOrNewer(from, to);
    } else {
      requireNear(from, to);
    }
  }

  /** A Scylla reads what older ones wrote (ScyllaDB documentation, "Restore"). */
  private static void requireSameOrNewer(String from, String to) throws DriverException {
    if (number(to) < number(from)) {
      throw new DriverException(
          Kind.REJECTED,
          "the backup is from Scylla "
              + from
              + ", the cluster is "
              + to
              + ": it takes files of the same and of older versions; upgrade it, or restore into a"
              + " newer one");
    }
  }

  private static void requireNear(String from, String to) throws DriverException {
    int step = major(to) - major(from);
    if (step != 0 && step != 1) {
      throw new DriverException(
          Kind.REJECTED,
          "the backup is from version "
              + from
              + ", the cluster is "
              + to
              + ": it takes files of the same major version and of the one before; restore into"
              + " such a cluster and upgrade from there");
    }
  }

  private static int major(String text) throws DriverException {
    return number(text) / MINORS;
  }

  /** Major and minor version as one number. */
  private static int number(String text) throws DriverException {
    Matcher version = VERSION.matcher(text);
    if (!version.matches()) {
      throw new DriverException(
          Kind.REJECTED,
          "\"" + text + "\" is no version of Cassandra or Scylla; the backup can't be placed");
    }
    return Integer.parseInt(version.group(1)) * MINORS + Integer.parseInt(version.group(2));
  }
}
