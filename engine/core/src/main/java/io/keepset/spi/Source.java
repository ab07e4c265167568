package io.keepset.spi;

import io.keepset.policy.Options;

/**
 * A database to dump or to restore into, and how to reach it.
 *
 * @param options the engine's own, and {@link #POINT_IN_TIME}
 */
public record Source(String database, Options connection, Options options, Secrets secrets) {
  /** Option that holds the window of a policy that wants restores to a point in time. */
  public static final String POINT_IN_TIME = "point_in_time";
}
