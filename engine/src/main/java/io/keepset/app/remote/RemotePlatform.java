package io.keepset.app.remote;

import io.keepset.app.LiveTargetCodec;
import io.keepset.plan.Change;
import io.keepset.plan.Inventory;
import io.keepset.plan.LiveTarget;
import io.keepset.policy.HeldDays;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupCodec;
import io.keepset.retention.Holding;
import io.keepset.source.MapNode;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.Capabilities;
import io.keepset.spi.DriverException;
import io.keepset.spi.HoldOperations;
import io.keepset.spi.Platform;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A platform that a server runs: state and backups are there, what is pure is decided here. */
public final class RemotePlatform implements Platform {
  private static final int NAMES_IN_ONE_ADDRESS = 40;

  private final String name;
  private final RemoteServer server;
  private final Platform local;

  /**
   * @param local the same platform in this process, for what asks no state; closed with this one
   */
  public RemotePlatform(String name, RemoteServer server, Platform local) {
    this.name = name;
    this.server = server;
    this.local = local;
  }

  @Override
  public Capabilities capabilities() {
    return local.capabilities();
  }

  @Override
  public Protection normalize(Protection desired) {
    return local.normalize(desired);
  }

  @Override
  public Inventory read() throws DriverException {
    MapNode answer = server.get("databases" + ServerAddress.query(Map.of("platform", name)));
    SortedMap<String, LiveTarget> targets = new TreeMap<>();
    for (MapNode item : answer.maps("databases")) {
      LiveTarget live = LiveTargetCodec.decode(item);
      targets.put(live.target().name(), live);
    }
    return new Inventory(targets);
  }

  @Override
  public SortedMap<String, List<Backup>> backups(Collection<String> databases)
      throws DriverException {
    SortedMap<String, List<Backup>> found = new TreeMap<>();
    databases.forEach(database -> found.put(database, new ArrayList<>()));
    if (found.isEmpty()) {
      return found;
    }
    String filter =
        found.size() > NAMES_IN_ONE_ADDRESS
            ? ""
            : ServerAddress.query(Map.of("database", String.join(",", found.keySet())));
    for (MapNode item : server.get("backups" + filter).maps("backups")) {
      Backup backup = BackupCodec.decode(item);
      List<Backup> ofDatabase = found.get(backup.database());
      if (ofDatabase != null) {
        ofDatabase.add(backup);
      }
    }
    return found;
  }

  @Override
  public SortedMap<String, Holding> holds(Collection<String> databases) throws DriverException {
    SortedMap<String, Holding> holds = new TreeMap<>();
    for (HoldOperations.InForce hold : new RemoteHolds(server).list()) {
      for (Map.Entry<String, HeldDays> covered : hold.databases().entrySet()) {
        if (hold.kind() != HoldOperations.Kind.FILES && databases.contains(covered.getKey())) {
          Holding one =
              new Holding(List.of(new Holding.Held(hold.hold().name(), covered.getValue())));
          holds.merge(covered.getKey(), one, Holding::and);
        }
      }
    }
    return holds;
  }

  /** A server takes whole plans, which it judges itself: see {@link RemoteApplying}. */
  @Override
  public void apply(Change change) {
    throw new IllegalStateException("a server takes no single changes");
  }

  @Override
  public Optional<BackupOperations> operations() {
    return Optional.of(new RemoteBackups(server));
  }

  @Override
  public void close() {
    local.close();
  }
}
