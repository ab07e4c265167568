package io.keepset.app.remote;

import io.keepset.app.Keepset;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import java.util.Map;
import java.util.Optional;

/** What a server tells about itself and what it looks after. */
public final class RemoteReporting implements Keepset.Reporting {
  private final RemoteServer server;

  public RemoteReporting(RemoteServer server) {
    this.server = server;
  }

  @Override
  public MapNode status() throws DriverException {
    return server.get("status");
  }

  @Override
  public MapNode testNotifications(Optional<String> receiver) throws DriverException {
    Map<String, String> query = receiver.map(name -> Map.of("receiver", name)).orElse(Map.of());
    return server.post("notify/test" + ServerAddress.query(query));
  }
}
