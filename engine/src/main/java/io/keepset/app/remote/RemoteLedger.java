package io.keepset.app.remote;

import io.keepset.app.Keepset;
import io.keepset.app.ListingCodec;
import io.keepset.app.StoreSpecCodec;
import io.keepset.policy.Instance;
import io.keepset.policy.InstanceCodec;
import io.keepset.policy.StoreSpec;
import io.keepset.reconcile.Drift;
import io.keepset.reconcile.DriftJson;
import io.keepset.reconcile.InForce;
import io.keepset.reconcile.Listing;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.Platform;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The ledger that a server keeps. */
public final class RemoteLedger implements Keepset.Ledger {
  private final RemoteServer server;

  public RemoteLedger(RemoteServer server) {
    this.server = server;
  }

  @Override
  public void record(InForce inForce, Instant at) {
    throw new IllegalStateException("a server records itself what it applies");
  }

  @Override
  public Drift drift(Map<String, Platform> platforms) throws DriverException {
    return DriftJson.read(server.get("drift"));
  }

  @Override
  public SortedMap<String, Listing> discover(Collection<Instance> instances)
      throws DriverException {
    return ListingCodec.decode(
        server.ask(
            "discovery",
            new MapBuilder()
                .put("instances", instances.stream().map(InstanceCodec::encode).toList())
                .build()));
  }

  @Override
  public SortedMap<String, StoreSpec> stores() throws DriverException {
    SortedMap<String, StoreSpec> stores = new TreeMap<>();
    for (MapNode item : server.get("stores").maps("specs")) {
      StoreSpec spec = StoreSpecCodec.decode(item);
      stores.put(spec.name(), spec);
    }
    return stores;
  }
}
