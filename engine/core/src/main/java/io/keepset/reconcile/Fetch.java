package io.keepset.reconcile;

import io.keepset.spi.DriverException;

/** The first station: one revision of the policy files, as bytes. */
@FunctionalInterface
public interface Fetch {
  /**
   * @throws DriverException if the place can't be read; the last good revision stays in force
   */
  Fetched fetch() throws DriverException;
}
