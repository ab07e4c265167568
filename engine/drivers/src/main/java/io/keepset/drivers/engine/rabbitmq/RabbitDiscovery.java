package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.tool.ServerPlace;
import io.keepset.policy.Options;
import io.keepset.spi.Discovery;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks for the vhosts. A backup of the whole broker holds them all. */
final class RabbitDiscovery implements Discovery {
  @Override
  public List<Found> databases(Source instance) throws DriverException {
    return Broker.toDump(instance).vhosts().stream()
        .map(name -> new Found(name, OptionalLong.empty(), false))
        .toList();
  }

  @Override
  public String place(String name, Options connection) {
    // A name is only that of a vhost where a server was asked for them.
    return server(connection) + "/" + connection.get("vhost", name);
  }

  @Override
  public Optional<String> whole(Options connection) {
    return connection.get("vhost").isEmpty() ? Optional.of(server(connection)) : Optional.empty();
  }

  private static String server(Options connection) {
    return ServerPlace.of(connection, Broker.port(connection));
  }
}
