package io.keepset.drivers.engine.redis;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release of Redis or Valkey, and which RDB files it loads. The two went apart after Redis 7.2,
 * whose format has version 11: Redis counts on, Valkey begins again at 80 (its {@code rdb.h}), and
 * neither loads what the other made since.
 *
 * @param version as the server or a file says it; empty if it does not
 */
record Release(String product, String version) {
  static final String REDIS = "redis";
  static final String VALKEY = "valkey";

  /** The newest RDB version whose loaders are known here. */
  static final int NEWEST_KNOWN = 12;

  private static final Pattern SERIES = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})\\b.*");

  /** Who wrote a backup. */
  static Release of(ArtifactFacts facts) {
    return new Release(
        facts.values().getOrDefault("server", REDIS),
        facts.values().getOrDefault("server_version", ""));
  }

  boolean known() {
    return series() > 0;
  }

  /** {@code Redis 7.0.15}. */
  String name() {
    return (product.equals(VALKEY) ? "Valkey " : "Redis ")
        + (version.isEmpty() ? "of unknown version" : version);
  }

  /** Came after those whose format is known here. */
  boolean newerThanKnown() {
    return series() > (product.equals(VALKEY) ? 801 : 800);
  }

  /** 702 of 7.2.5; the format does not change within a series. */
  private int series() {
    Matcher series = SERIES.matcher(version);
    return series.matches()
        ? Integer.parseInt(series.group(1)) * 100 + Integer.parseInt(series.group(2))
        : 0;
  }

  /**
   * Refuses what this server would not load. Any release loads what its own product wrote before;
   * what comes from the other one goes by the version of the format.
   *
   * @param where the server is, for the message
   */
  void requireLoads(ArtifactFacts facts, String where) throws DriverException {
    if (!known()) {
      throw new DriverException(
          Kind.DENIED, "the user may not ask for the server's version; grant it +info");
    }
    Release writer = of(facts);
    int format = Integer.parseInt(facts.values().getOrDefault("rdb_version", "0"));
    boolean own = writer.known() && writer.product().equals(product) && series() >= writer.series();
    if (!own && format > loads()) {
      throw new DriverException(
          Kind.REJECTED,
          "the backup is of "
              + writer.name()
              + " (RDB version "
              + format
              + "), "
              + where
              + " is "
              + name()
              + " and loads up to "
              + loads()
              + "; restore into "
              + (writer.product().equals(VALKEY) ? "Valkey" : "Redis")
              + " of the same or a newer version");
    }
  }

  /** What it loads of others, by the number in their header. */
  private int loads() {
    int series = series();
    if (product.equals(VALKEY)) {
      return 11;
    }
    if (series >= 704) {
      return NEWEST_KNOWN;
    }
    if (series >= 702) {
      return 11;
    }
    return series >= 700 ? 10 : series >= 500 ? 9 : series >= 400 ? 8 : series >= 302 ? 7 : 6;
  }
}
