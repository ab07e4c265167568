package io.keepset.app.remote;

import io.keepset.app.HoldInForceCodec;
import io.keepset.policy.Hold;
import io.keepset.policy.HoldCodec;
import io.keepset.spi.DriverException;
import io.keepset.spi.HoldOperations;
import java.util.List;
import java.util.Map;

/** The holds of a server. Who makes and ends them there is known by the token. */
public final class RemoteHolds implements HoldOperations {
  private final RemoteServer server;

  public RemoteHolds(RemoteServer server) {
    this.server = server;
  }

  @Override
  public List<InForce> list() throws DriverException {
    return server.get("holds").maps("holds").stream().map(HoldInForceCodec::decode).toList();
  }

  @Override
  public void add(Hold hold, String by) throws DriverException {
    server.post("holds", HoldCodec.encode(hold));
  }

  @Override
  public void end(String name, String reason, String by) throws DriverException {
    server.delete("holds/" + name + ServerAddress.query(Map.of("reason", reason)));
  }
}
