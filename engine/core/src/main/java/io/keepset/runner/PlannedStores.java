package io.keepset.runner;

import io.keepset.policy.StoreSpec;
import io.keepset.spi.DriverException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The stores in force, and those that a plan would add or change.
 *
 * @param planned of which only names and places count
 */
record PlannedStores(Stores inForce, Collection<StoreSpec> planned) implements Stores {
  PlannedStores {
    planned = List.copyOf(planned);
  }

  @Override
  public SortedSet<String> names() {
    TreeSet<String> names = new TreeSet<>(inForce.names());
    planned.forEach(store -> names.add(store.name()));
    return names;
  }

  @Override
  public Collection<StoreSpec> declared() {
    List<StoreSpec> all = new ArrayList<>(inForce.declared());
    all.addAll(planned);
    return all;
  }

  @Override
  public OpenStore open(String name) throws DriverException {
    return inForce.open(name);
  }
}
