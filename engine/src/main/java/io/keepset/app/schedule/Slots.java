package io.keepset.app.schedule;

import io.keepset.runner.Leases;
import io.keepset.runner.Leases.Lease;
import java.util.Optional;

/** Places for simultaneous runs. They are leases, so the limits hold on all nodes together. */
final class Slots {
  private final Leases leases;
  private final RunLimits limits;

  Slots(Leases leases, RunLimits limits) {
    this.leases = leases;
    this.limits = limits;
  }

  /** The places that one run takes. */
  record Slot(Optional<Lease> ofStore, Lease ofAll) implements AutoCloseable {
    @Override
    public void close() {
      ofStore.ifPresent(Lease::close);
      ofAll.close();
    }
  }

  /** A place in all, and one of the store; neither if one of them is missing. */
  Optional<Slot> take(Optional<String> store) {
    int most = store.map(limits.ofStore()::applyAsInt).orElse(0);
    Optional<Lease> ofStore = Optional.empty();
    if (most > 0) {
      ofStore = place("slot/store/" + store.orElseThrow() + "/", most);
      if (ofStore.isEmpty()) {
        return Optional.empty();
      }
    }
    Optional<Lease> ofAll = place("slot/all/", limits.all().getAsInt());
    if (ofAll.isEmpty()) {
      ofStore.ifPresent(Lease::close);
      return Optional.empty();
    }
    return Optional.of(new Slot(ofStore, ofAll.get()));
  }

  private Optional<Lease> place(String prefix, int places) {
    for (int i = 1; i <= places; i++) {
      Optional<Lease> lease = leases.tryAcquire(prefix + i);
      if (lease.isPresent()) {
        return lease;
      }
    }
    return Optional.empty();
  }
}
