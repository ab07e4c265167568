package io.keepset.runner;

import io.keepset.spi.DriverException;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The stores in force, and the names of those that a plan would add. */
record PlannedStores(Stores inForce, Collection<String> declared) implements Stores {
  PlannedStores {
    declared = List.copyOf(declared);
  }

  @Override
  public SortedSet<String> names() {
    TreeSet<String> names = new TreeSet<>(inForce.names());
    names.addAll(declared);
    return names;
  }

  @Override
  public OpenStore open(String name) throws DriverException {
    return inForce.open(name);
  }
}
