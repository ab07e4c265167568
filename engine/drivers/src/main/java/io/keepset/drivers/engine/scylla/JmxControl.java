package io.keepset.drivers.engine.scylla;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A node of Cassandra 4.0 or newer, by the operations that {@code nodetool} uses. */
final class JmxControl implements NodeControl {
  private static final String STORAGE = "org.apache.cassandra.db:type=StorageService";
  private static final String TEXT = String.class.getName();
  private static final String TEXTS = String[].class.getName();
  private static final String MAP = Map.class.getName();

  /** What a killed Keepset leaves goes by itself; 4.0 does not know this and ignores it. */
  private static final Map<String, String> LIFETIME = Map.of("ttl", "7d");

  private final Place place;
  private final Place.Node node;
  private final JMXConnector connector;

  private JmxControl(Place place, Place.Node node, JMXConnector connector) {
    this.place = place;
    this.node = node;
    this.connector = connector;
  }

  // The address is that of the operator's own node, and JMX is how it is managed.
  @SuppressWarnings("BanJNDI")
  static JmxControl open(Place place, Place.Node node) throws DriverException {
    Map<String, Object> login = new HashMap<>();
    place
        .jmxUser()
        .ifPresent(
            user ->
                login.put(
                    JMXConnector.CREDENTIALS,
                    new String[] {user, place.jmxPassword().map(Secret::reveal).orElse("")}));
    String host = node.host().contains(":") ? "[" + node.host() + "]" : node.host();
    String url = "service:jmx:rmi:///jndi/rmi://" + host + ":" + node.jmxPort() + "/jmxrmi";
    JMXConnector connector =
        within(
            place,
            place.timeout().toSeconds(),
            "connecting to JMX of node " + node.name() + " at " + host + ":" + node.jmxPort(),
            () -> JMXConnectorFactory.connect(new JMXServiceURL(url), login));
    return new JmxControl(place, node, connector);
  }

  @Override
  public void snapshot(String tag, String keyspace) throws DriverException {
    storage(
        "taking a snapshot on node " + node.name(),
        "takeSnapshot",
        new Object[] {tag, LIFETIME, new String[] {keyspace}},
        TEXT,
        MAP,
        TEXTS);
  }

  @Override
  public void clear(String tag, String keyspace) throws DriverException {
    storage(
        "clearing the snapshot on node " + node.name(),
        "clearSnapshot",
        new Object[] {tag, new String[] {keyspace}},
        TEXT,
        TEXTS);
  }

  @Override
  public Path incoming(Path staged, String keyspace, String directory) {
    return staged;
  }

  @Override
  public void load(String keyspace, String table, Path incoming) throws DriverException {
    String bean =
        "org.apache.cassandra.db:type=Tables,keyspace="
            + ObjectName.quote(keyspace).replaceAll("^\"|\"$", "")
            + ",table="
            + table;
    // resetLevel, clearRepaired, verifySSTables, verifyTokens, invalidateCaches, extendedVerify
    Object[] arguments = {Set.of(incoming.toString()), true, true, true, true, true, false};
    String flag = boolean.class.getName();
    Object failed =
        invoke(
            "importing " + table + " on node " + node.name(),
            bean,
            "importNewSSTables",
            arguments,
            Set.class.getName(),
            flag,
            flag,
            flag,
            flag,
            flag,
            flag);
    if (failed instanceof List<?> refused && !refused.isEmpty()) {
      throw new DriverException(
          Kind.REJECTED,
          "node "
              + node.name()
              + " refused the files of table "
              + table
              + ": they are damaged, of another version, or hold tokens of other nodes (then only"
              + " sstableloader can place them); its own log says which");
    }
  }

  private void storage(String doing, String operation, Object[] arguments, String... signature)
      throws DriverException {
    invoke(doing, STORAGE, operation, arguments, signature);
  }

  private Object invoke(
      String doing, String bean, String operation, Object[] arguments, String... signature)
      throws DriverException {
    return within(
        place,
        place.silence().toSeconds(),
        doing,
        () -> {
          Object result =
              connector
                  .getMBeanServerConnection()
                  .invoke(name(bean), operation, arguments, signature);
          return result == null ? "" : result;
        });
  }

  private static ObjectName name(String bean) throws MalformedObjectNameException {
    return new ObjectName(bean);
  }

  /** RMI waits for ever where nobody answers. */
  private static <T> T within(Place place, long seconds, String doing, Callable<T> task)
      throws DriverException {
    FutureTask<T> running = new FutureTask<>(task);
    Thread thread = new Thread(running, "keepset-jmx");
    thread.setDaemon(true);
    thread.start();
    try {
      return running.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      Throwable inner = cause instanceof RuntimeMBeanException own ? own.getCause() : cause;
      throw Failures.explain(doing, inner == null ? cause : inner, place);
    } catch (TimeoutException e) {
      throw new DriverException(
          Kind.TRANSIENT, doing + " was given up: no answer within " + seconds + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, doing + " was cancelled", e);
    } finally {
      thread.interrupt();
    }
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      // The node is gone, and the connection with it.
    }
  }
}
