package io.keepset.runner;

import io.keepset.spi.DriverException;
import io.keepset.spi.Store;
import java.util.SortedSet;

/**
 * The stores that are declared now, by name. Whoever owns this closes them; those who ask do not.
 */
public interface Stores {
  SortedSet<String> names();

  /**
   * @throws DriverException REJECTED if no store of this name is declared
   */
  Store open(String name) throws DriverException;
}
