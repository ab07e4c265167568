package io.keepset.app;

import io.keepset.plan.Revision;
import io.keepset.spi.DriverException;

/**
 * The policies of one place, read again and again. Costs what has changed since the last time. Not
 * for several threads.
 */
public interface PolicyFeed extends AutoCloseable {
  /** Where they are, as printed. */
  String describe();

  /**
   * The newest revision.
   *
   * @throws DriverException if the place can't be read; mistakes in the files are values
   */
  Read read() throws DriverException;

  @Override
  void close();

  /** One revision with what came of its files. */
  record Read(Revision revision, LoadedPolicies policies) {}
}
