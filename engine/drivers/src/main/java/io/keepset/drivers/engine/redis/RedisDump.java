package io.keepset.drivers.engine.redis;

import io.keepset.drivers.stream.ReadAlong;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * One RDB file on its way from the server, as a replica would get it. What passes is read along by
 * a {@link RdbScan}, so that a file with a wrong count or checksum is no backup.
 */
final class RedisDump implements Dump {
  private final Connection connection;
  private final Server server;
  private final Beside beside;
  private final RdbTransfer transfer;
  private final ReadAlong<Verdict> stream;

  private RedisDump(Connection connection, Server server, Beside beside, RdbTransfer transfer) {
    this.connection = connection;
    this.server = server;
    this.beside = beside;
    this.transfer = transfer;
    this.stream = new ReadAlong<>(transfer, "redis-scan", RdbScan::verdict);
  }

  static RedisDump start(Source source) throws DriverException {
    Address address = Address.toDump(source);
    Connection connection = Connection.open(address);
    try {
      Server server = Server.ask(connection);
      Beside beside = Beside.ask(connection);
      connection.ask("REPLCONF", "capa", "eof");
      rdbOnly(connection);
      connection.send("SYNC");
      return new RedisDump(connection, server, beside, RdbTransfer.begin(connection));
    } catch (ServerError e) {
      connection.close();
      throw Failures.explain("SYNC", e, address);
    } catch (IOException e) {
      connection.close();
      throw Failures.explain("SYNC", e, address);
    } catch (DriverException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Since 7.0: no stream of commands after the file. Older ones are just left. */
  private static void rdbOnly(Connection connection) throws DriverException {
    try {
      connection.tryAsk("REPLCONF", "rdb-only", "1");
    } catch (ServerError e) {
      // They close with us.
    }
  }

  @Override
  public InputStream stream() {
    return stream;
  }

  @Override
  public Report finish() throws DriverException {
    if (stream.broken().isPresent()) {
      throw Failures.explain("SYNC", stream.broken().get(), connection.address());
    }
    if (!transfer.complete()) {
      throw new DriverException(
          Kind.TRANSIENT,
          "the RDB file of Redis "
              + connection.address().where()
              + " did not come to its end; nothing of it is kept");
    }
    Verdict verdict = stream.result();
    if (!verdict.good() || verdict.facts().isEmpty()) {
      throw new DriverException(
          Kind.DAMAGED,
          "what the server sent is not whole, nothing of it is kept: "
              + String.join("; ", verdict.findings()));
    }
    List<String> warnings = new ArrayList<>(beside.warnings());
    if ("0".equals(verdict.facts().get().values().get("keys"))) {
      warnings.add("the server holds no keys");
    }
    if (server.cluster()) {
      warnings.add("the server is one shard of a cluster: each primary needs a block of its own");
    }
    if (server.replica()) {
      warnings.add("the server is a replica: it may lag behind its primary");
    }
    return new Report(verdict.facts().get(), beside.attachments(), warnings);
  }

  @Override
  public void close() {
    connection.close();
    try {
      stream.close();
    } catch (IOException e) {
      // Nobody reads along any more.
    }
  }
}
