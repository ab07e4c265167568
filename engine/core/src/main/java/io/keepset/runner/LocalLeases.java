package io.keepset.runner;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Leases for a catalogue that only this process has open: they die with it. */
public final class LocalLeases implements Leases {
  private final Set<String> taken = ConcurrentHashMap.newKeySet();

  @Override
  public Optional<Lease> tryAcquire(String name) {
    return taken.add(name) ? Optional.of(new LocalLease(name)) : Optional.empty();
  }

  private final class LocalLease implements Lease {
    private final String name;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private LocalLease(String name) {
      this.name = name;
    }

    @Override
    public boolean held() {
      return open.get();
    }

    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        taken.remove(name);
      }
    }
  }
}
