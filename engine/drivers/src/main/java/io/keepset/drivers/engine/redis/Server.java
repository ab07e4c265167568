package io.keepset.drivers.engine.redis;

import io.keepset.spi.DriverException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a server says of itself, as far as the user may ask ({@code INFO}); empty if it may not.
 *
 * @param fields of all sections that are told without naming them
 */
record Server(Map<String, String> fields) {
  private static final String NO_HISTORY = "0".repeat(40);

  static Server ask(Connection connection) throws DriverException {
    try {
      return new Server(connection.info());
    } catch (ServerError e) {
      if (e.code().equals("NOPERM")) {
        return new Server(new TreeMap<>());
      }
      throw Failures.explain("INFO", e, connection.address());
    }
  }

  private String field(String name) {
    return fields.getOrDefault(name, "");
  }

  private long number(String name) {
    return Long.parseLong(fields.getOrDefault(name, "0"));
  }

  boolean known() {
    return fields.containsKey("redis_version");
  }

  Release release() {
    return fields.containsKey("valkey_version")
        ? new Release(Release.VALKEY, field("valkey_version"))
        : new Release(Release.REDIS, field("redis_version"));
  }

  boolean replica() {
    return role("slave");
  }

  boolean role(String role) {
    return role.equals(field("role"));
  }

  /** A replica that waits for its primary, and is not taking a copy of it in right now. */
  boolean orphan() {
    return replica() && !linked() && !"1".equals(field("master_sync_in_progress"));
  }

  /** Of whom it is a replica: {@code host:port}. */
  String primary() {
    return field("master_host") + ":" + field("master_port");
  }

  boolean follows(String host, String port) {
    return replica() && primary().equals(host + ":" + port);
  }

  /** Does it have all that its primary has? */
  boolean linked() {
    return "up".equals(field("master_link_status"));
  }

  boolean loading() {
    return "1".equals(field("loading"));
  }

  /** Is its append-only file being written anew? */
  boolean rewriting() {
    return "1".equals(field("aof_rewrite_in_progress"));
  }

  boolean rewriteScheduled() {
    return "1".equals(field("aof_rewrite_scheduled"));
  }

  /** Did the last time fail? */
  boolean rewriteFailed() {
    return "err".equals(field("aof_last_bgrewrite_status"));
  }

  /** Names of the history that its data are of; none before 4.0. */
  Set<String> identity() {
    String own = field("master_replid");
    return own.isEmpty() ? Set.of() : Set.of(own);
  }

  /** The same, and of the one that it went on from when it was last made a primary. */
  Set<String> histories() {
    Set<String> all = new TreeSet<>(identity());
    String former = field("master_replid2");
    if (!former.isEmpty() && !former.equals(NO_HISTORY)) {
      all.add(former);
    }
    return all;
  }

  boolean cluster() {
    return "1".equals(field("cluster_enabled"));
  }

  /** All keys in all databases. */
  long keys() {
    return sum("keys");
  }

  /** Those of them that go by themselves. */
  long expiring() {
    return sum("expires");
  }

  private long sum(String what) {
    long sum = 0;
    for (Map.Entry<String, String> field : fields.entrySet()) {
      if (field.getKey().matches("db[0-9]+")) {
        sum += Long.parseLong(field.getValue().replaceAll("^.*\\b" + what + "=([0-9]+).*$", "$1"));
      }
    }
    return sum;
  }

  /** Bytes; 0 without a limit. */
  long memoryLimit() {
    return number("maxmemory");
  }

  long memoryUsed() {
    return number("used_memory");
  }

  /** Does it throw keys away when they take more memory than it may have? */
  boolean evicts() {
    String policy = field("maxmemory_policy");
    return memoryLimit() > 0 && !policy.isEmpty() && !policy.equals("noeviction");
  }
}
