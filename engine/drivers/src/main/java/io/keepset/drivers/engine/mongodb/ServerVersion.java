package io.keepset.drivers.engine.mongodb;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which server may take which archive: one of the same major version or of the next, as Atlas rules
 * it, and its feature compatibility must be no older than the archive.
 *
 * @param text as the server or the archive says it: {@code 6.0.14}
 */
record ServerVersion(String text) {
  private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

  /** Majors in their order: 3.6, 4.0, 4.2, 4.4, then each number; below zero if too old. */
  int rank() throws DriverException {
    Matcher matcher = VERSION.matcher(text);
    if (!matcher.matches()) {
      throw new DriverException(
          Kind.REJECTED, "\"" + text + "\" is no version of MongoDB; the archive can't be placed");
    }
    int major = Integer.parseInt(matcher.group(1));
    int minor = Integer.parseInt(matcher.group(2));
    if (major >= 5) {
      return major - 1;
    }
    return major == 4 ? 1 + minor / 2 : major == 3 && minor >= 6 ? 0 : -1;
  }

  /**
   * @param target of the server that shall take it
   * @param compatibility its feature compatibility version, if the login may ask for it
   */
  void require(ServerVersion target, Optional<String> compatibility) throws DriverException {
    int step = target.rank() - rank();
    if (step != 0 && step != 1) {
      throw new DriverException(
          Kind.REJECTED,
          "the backup is from MongoDB "
              + text
              + ", the server is "
              + target.text()
              + ": it must be of the same major version or the next; restore into such a server"
              + " and upgrade from there, one major version at a time");
    }
    if (compatibility.isPresent() && new ServerVersion(compatibility.get()).rank() < rank()) {
      throw new DriverException(
          Kind.REJECTED,
          "the backup is from MongoDB "
              + text
              + ", the server is "
              + target.text()
              + " but its featureCompatibilityVersion is "
              + compatibility.get()
              + "; raise it first: db.adminCommand({setFeatureCompatibilityVersion: \""
              + major()
              + "\"})");
    }
  }

  private String major() {
    Matcher matcher = VERSION.matcher(text);
    return matcher.matches() ? matcher.group(1) + "." + matcher.group(2) : text;
  }
}
