package io.keepset.drivers.engine.scylla;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.ssl.ProgrammaticSslEngineFactory;
import io.keepset.spi.DriverException;
import io.keepset.spi.Secret;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** A session for definitions; data never passes through it. */
final class Cql implements AutoCloseable {
  private static final int QUIET_MILLIS = 50;
  private static final int SHUTDOWN_MILLIS = 15_000;

  private final CqlSession session;
  private final Place place;

  private Cql(CqlSession session, Place place) {
    this.session = session;
    this.place = place;
  }

  static Cql open(Place place) throws DriverException {
    CqlSessionBuilder builder =
        CqlSession.builder()
            .withConfigLoader(settings(place))
            .withApplicationName("keepset")
            .addContactPoint(new InetSocketAddress(place.host(), place.port()));
    if (place.user().isPresent()) {
      builder.withAuthCredentials(
          place.user().get(), place.password().map(Secret::reveal).orElse(""));
    }
    if (place.tls().enabled()) {
      builder.withSslEngineFactory(
          new ProgrammaticSslEngineFactory(place.tls().context(), null, true));
    }
    try {
      return new Cql(builder.build(), place);
    } catch (RuntimeException e) {
      throw Failures.explain("connecting", e, place);
    }
  }

  private static DriverConfigLoader settings(Place place) {
    return DriverConfigLoader.programmaticBuilder()
        .withString(
            DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS, "DcInferringLoadBalancingPolicy")
        .withString(DefaultDriverOption.METRICS_FACTORY_CLASS, "NoopMetricsFactory")
        .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
        // Two seconds of quiet, the driver's own, are waited for in vain: nobody else uses its
        // threads. With none at all it still has something to do, and logs that it can't.
        .withString(DefaultDriverOption.NETTY_IO_SHUTDOWN_UNIT, "MILLISECONDS")
        .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, QUIET_MILLIS)
        .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_TIMEOUT, SHUTDOWN_MILLIS)
        .withString(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_UNIT, "MILLISECONDS")
        .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, QUIET_MILLIS)
        .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_TIMEOUT, SHUTDOWN_MILLIS)
        .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, place.timeout())
        .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, place.timeout())
        .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, place.timeout())
        // Definitions on a busy cluster take far longer than the reads of an application.
        .withDuration(
            DefaultDriverOption.CONTROL_CONNECTION_AGREEMENT_TIMEOUT,
            place.timeout().multipliedBy(4))
        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, place.timeout().multipliedBy(4))
        .build();
  }

  /** The statements that make a keyspace again, in an order that works. */
  Schema schema(String keyspace) throws DriverException {
    List<Schema.Statement> statements = new ArrayList<>();
    for (Row row : rows("DESCRIBE KEYSPACE " + CqlText.identifier(keyspace) + " WITH INTERNALS")) {
      statements.add(
          new Schema.Statement(
              text(row, "type"), text(row, "name"), text(row, "create_statement")));
    }
    return new Schema(statements);
  }

  /** Tables of a keyspace, views left out, each with the name of its directory. */
  SortedMap<String, String> tables(String keyspace) throws DriverException {
    SortedMap<String, String> tables = new TreeMap<>();
    for (Row row :
        rows(
            "SELECT table_name, id FROM system_schema.tables WHERE keyspace_name = "
                + CqlText.string(keyspace))) {
      String name = text(row, "table_name");
      UUID id = Objects.requireNonNull(row.getUuid("id"));
      tables.put(name, name + "-" + id.toString().replace("-", ""));
    }
    return tables;
  }

  boolean exists(String keyspace) throws DriverException {
    return !rows("SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = "
            + CqlText.string(keyspace))
        .isEmpty();
  }

  /** Their names, in order. */
  List<String> keyspaces() throws DriverException {
    return rows("SELECT keyspace_name FROM system_schema.keyspaces").stream()
        .map(row -> text(row, "keyspace_name"))
        .sorted()
        .toList();
  }

  /** Version of the node that answers. */
  String release() throws DriverException {
    return text(rows("SELECT release_version FROM system.local").get(0), "release_version");
  }

  /** How many nodes the cluster has. */
  int size() throws DriverException {
    return 1 + rows("SELECT peer FROM system.peers").size();
  }

  void execute(String statement) throws DriverException {
    rows(statement);
  }

  private List<Row> rows(String statement) throws DriverException {
    try {
      return session.execute(statement).all();
    } catch (RuntimeException e) {
      throw Failures.explain("asking the cluster", e, place);
    }
  }

  private static String text(Row row, String column) {
    return Objects.requireNonNullElse(row.getString(column), "");
  }

  @Override
  public void close() {
    session.close();
  }
}
