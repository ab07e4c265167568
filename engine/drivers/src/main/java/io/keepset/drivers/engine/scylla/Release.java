package io.keepset.drivers.engine.scylla;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which server takes which files: those of its own major version and of the one before. */
final class Release {
  private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

  private Release() {}

  static void require(String from, String to) throws DriverException {
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
    Matcher version = VERSION.matcher(text);
    if (!version.matches()) {
      throw new DriverException(
          Kind.REJECTED, "\"" + text + "\" is no version of Cassandra; the backup can't be placed");
    }
    return Integer.parseInt(version.group(1));
  }
}
