package io.keepset.drivers.engine.rethinkdb;

import io.keepset.drivers.tool.ServerPlace;
import io.keepset.policy.Options;
import io.keepset.spi.Discovery;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.util.List;
import java.util.OptionalLong;

/** Asks {@code dbList}; {@code rethinkdb} is the server's own. */
final class RethinkDiscovery implements Discovery {
  private final Server.Opener opener;

  RethinkDiscovery(Server.Opener opener) {
    this.opener = opener;
  }

  @Override
  public List<Found> databases(Source instance) throws DriverException {
    try (Server server = opener.open(Address.toDump(instance))) {
      return server.databases().stream()
          .sorted()
          .map(name -> new Found(name, OptionalLong.empty(), name.equals("rethinkdb")))
          .toList();
    } catch (Server.Unwell e) {
      throw e.reason();
    }
  }

  @Override
  public String place(String name, Options connection) {
    return ServerPlace.of(connection, Address.PORT) + "/" + connection.get("database", name);
  }
}
