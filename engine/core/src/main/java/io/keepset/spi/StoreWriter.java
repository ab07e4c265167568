package io.keepset.spi;

import java.io.IOException;
import java.io.OutputStream;

/**
 * An object being written. It becomes visible in one atomic step by {@link #commit}; until then,
 * and after {@link #close} without commit, the store shows what it showed before.
 */
public interface StoreWriter extends AutoCloseable {
  OutputStream stream();

  /** Makes it durable and visible. */
  void commit() throws IOException, DriverException;

  @Override
  void close();
}
