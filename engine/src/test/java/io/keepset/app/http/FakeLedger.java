package io.keepset.app.http;

import io.keepset.app.Keepset;
import io.keepset.policy.Instance;
import io.keepset.policy.StoreSpec;
import io.keepset.reconcile.Drift;
import io.keepset.reconcile.InForce;
import io.keepset.reconcile.Listing;
import io.keepset.spi.Platform;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Remembers the last apply; nothing drifts from it. */
final class FakeLedger implements Keepset.Ledger {
  private Optional<InForce> last = Optional.empty();

  @Override
  public void record(InForce inForce, Instant at) {
    last = Optional.of(inForce);
  }

  @Override
  public Drift drift(Map<String, Platform> platforms) {
    return new Drift(
        last.map(l -> new Drift.Applied(l.revision(), Instant.EPOCH)), List.of(), List.of());
  }

  @Override
  public SortedMap<String, Listing> discover(Collection<Instance> instances) {
    SortedMap<String, Listing> all = new TreeMap<>();
    instances.forEach(
        i -> all.put(i.name(), new Listing(List.of(), Optional.of("nobody is there"))));
    return all;
  }

  @Override
  public SortedMap<String, StoreSpec> stores() {
    return new TreeMap<>();
  }
}
