package io.keepset.drivers.engine.redis;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a server says of itself, as far as the user may ask ({@code INFO}); empty if it may not.
 *
 * @param fields of the sections server, replication, cluster and keyspace
 */
record Server(Map<String, String> fields) {

  static Server ask(Connection connection) throws DriverException {
    Map<String, String> fields = new TreeMap<>();
    for (String section : new String[] {"server", "replication", "cluster", "keyspace"}) {
      try {
        fields.putAll(connection.info(section));
      } catch (ServerError e) {
        if (!e.code().equals("NOPERM")) {
          throw Failures.explain("INFO", e, connection.address());
        }
      }
    }
    return new Server(fields);
  }

  boolean known() {
    return fields.containsKey("redis_version");
  }

  boolean valkey() {
    return fields.containsKey("valkey_version");
  }

  /** {@code Redis 7.0.15}. */
  String name() {
    return valkey() ? "Valkey " + fields.get("valkey_version") : "Redis " + redisVersion();
  }

  private String redisVersion() {
    return fields.getOrDefault("redis_version", "of unknown version");
  }

  boolean replica() {
    return "slave".equals(fields.get("role"));
  }

  boolean cluster() {
    return "1".equals(fields.get("cluster_enabled"));
  }

  /** All keys in all databases. */
  long keys() {
    long keys = 0;
    for (Map.Entry<String, String> field : fields.entrySet()) {
      if (field.getKey().matches("db[0-9]+")) {
        keys += Long.parseLong(field.getValue().replaceAll("^keys=([0-9]+).*$", "$1"));
      }
    }
    return keys;
  }

  /**
   * The newest RDB version that it loads. Valkey keeps to that of Redis 7.2; a server that came
   * later than this table loads at least what the last known one does.
   */
  int loads() throws DriverException {
    String[] parts = redisVersion().split("\\.", 3);
    if (parts.length < 2) {
      throw new DriverException(
          Kind.DENIED, "the user may not ask for the server's version; grant it +info");
    }
    int version = Integer.parseInt(parts[0]) * 100 + Integer.parseInt(parts[1]);
    if (valkey()) {
      return 11;
    }
    if (version >= 704) {
      return 12;
    }
    if (version >= 702) {
      return 11;
    }
    return version >= 700 ? 10 : version >= 500 ? 9 : version >= 400 ? 8 : version >= 302 ? 7 : 6;
  }
}
