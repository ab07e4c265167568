package io.keepset.app;

import io.keepset.policy.StoreSpec;
import io.keepset.runner.OpenStore;
import io.keepset.runner.Stores;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The stores that policies declare, as they were applied; the state remembers them. A store that no
 * file declares any more stays known: its backups stay too.
 */
final class DeclaredStores implements Stores, AutoCloseable {
  private final Memory memory;
  private final Opener opener;
  private final SortedMap<String, StoreSpec> specs = new TreeMap<>();
  private final Map<String, Opened> open = new HashMap<>();
  private final List<Opened> replaced = new ArrayList<>();

  /** Where specs of stores are kept between processes. */
  interface Memory {
    Collection<StoreSpec> load();

    void save(StoreSpec spec);
  }

  /** Makes a store of what was declared. */
  interface Opener {
    OpenStore open(StoreSpec spec) throws DriverException;
  }

  private record Opened(StoreSpec spec, OpenStore store) {}

  DeclaredStores(Memory memory, Opener opener) {
    this.memory = memory;
    this.opener = opener;
    memory.load().forEach(spec -> specs.put(spec.name(), spec));
  }

  /** From now on this store is so, for other processes too. */
  synchronized void remember(StoreSpec declared) {
    if (!declared.equals(specs.get(declared.name()))) {
      memory.save(declared);
      specs.put(declared.name(), declared);
    }
  }

  synchronized SortedMap<String, StoreSpec> specs() {
    return new TreeMap<>(specs);
  }

  @Override
  public synchronized Collection<StoreSpec> declared() {
    return List.copyOf(specs.values());
  }

  @Override
  public synchronized SortedSet<String> names() {
    return new TreeSet<>(specs.keySet());
  }

  @Override
  public synchronized OpenStore open(String name) throws DriverException {
    StoreSpec spec = specs.get(name);
    if (spec == null) {
      throw new DriverException(
          Kind.REJECTED,
          "no store "
              + name
              + " is declared"
              + (specs.isEmpty()
                  ? ", nor any other: apply policies that declare one"
                  : "; there are: " + String.join(", ", specs.keySet())));
    }
    Opened known = open.get(name);
    if (known != null && known.spec().isAs(spec)) {
      return known.store();
    }
    if (known != null) {
      // Runs that are under way still write to it.
      replaced.add(known);
    }
    OpenStore opened = opener.open(spec);
    open.put(name, new Opened(spec, opened));
    return opened;
  }

  @Override
  public synchronized void close() {
    open.values().forEach(opened -> opened.store().store().close());
    open.clear();
    replaced.forEach(opened -> opened.store().store().close());
    replaced.clear();
  }
}
