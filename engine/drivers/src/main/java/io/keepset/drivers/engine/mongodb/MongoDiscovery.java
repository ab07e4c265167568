package io.keepset.drivers.engine.mongodb;

import com.mongodb.MongoException;
import io.keepset.policy.Options;
import io.keepset.spi.Discovery;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import org.bson.BsonDocument;

/** Asks {@code listDatabases}; {@code admin}, {@code config} and {@code local} are the server's. */
final class MongoDiscovery implements Discovery {
  private static final Set<String> SYSTEM = Set.of("admin", "config", "local");
  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");

  @Override
  public List<Found> databases(Source instance) throws DriverException {
    try (Server server = Server.open(Address.toDump(instance))) {
      List<Found> found = new ArrayList<>();
      for (BsonDocument database : server.client().listDatabases(BsonDocument.class)) {
        String name = Announced.text(database, "name");
        OptionalLong bytes =
            database.isNumber("sizeOnDisk")
                ? OptionalLong.of(database.getNumber("sizeOnDisk").longValue())
                : OptionalLong.empty();
        found.add(new Found(name, bytes, SYSTEM.contains(name)));
      }
      found.sort(Comparator.comparing(Found::database));
      return List.copyOf(found);
    } catch (MongoException e) {
      throw Failures.explain("listing databases", e, Address.toDump(instance));
    }
  }

  @Override
  public String place(String name, Options connection) {
    List<String> hosts = new ArrayList<>();
    for (String host : Address.hosts(connection)) {
      int colon = host.lastIndexOf(':');
      String spelled = host.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
      hosts.add(
          HERE.contains(spelled)
              ? "localhost" + host.substring(colon)
              : host.toLowerCase(Locale.ROOT));
    }
    hosts.sort(null);
    return String.join(",", hosts) + "/" + connection.get("database", name);
  }
}
