package io.keepset.runner;

import io.keepset.policy.StoreSpec;
import io.keepset.spi.DriverException;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;

/**
 * The stores that are declared now, by name. Whoever implements this owns and closes them; those
 * who ask do not.
 */
public interface Stores {
  SortedSet<String> names();

  /** How they are declared, as far as it is known; of one name there may be several. */
  default Collection<StoreSpec> declared() {
    return List.of();
  }

  /**
   * @throws DriverException REJECTED if no store of this name is declared, DENIED if its keys can't
   *     be had
   */
  OpenStore open(String name) throws DriverException;
}
