package io.keepset.drivers.engine.scylla;

import io.keepset.drivers.tool.ServerPlace;
import io.keepset.policy.Options;
import io.keepset.spi.Discovery;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.util.List;
import java.util.OptionalLong;

/** Asks {@code system_schema.keyspaces}; those that begin with {@code system} are the cluster's. */
final class ScyllaDiscovery implements Discovery {
  @Override
  public List<Found> databases(Source instance) throws DriverException {
    try (Cql cql = Cql.open(Place.toDump(instance))) {
      return cql.keyspaces().stream()
          .map(name -> new Found(name, OptionalLong.empty(), own(name)))
          .toList();
    }
  }

  private static boolean own(String keyspace) {
    return keyspace.equals("system") || keyspace.startsWith("system_");
  }

  @Override
  public String place(String name, Options connection) {
    return ServerPlace.of(connection, Place.PORT) + "/" + connection.get("keyspace", name);
  }
}
