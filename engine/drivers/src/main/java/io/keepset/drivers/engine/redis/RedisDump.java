package io.keepset.drivers.engine.redis;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One RDB file on its way from the server, as a replica would get it. What passes is read along by
 * a {@link RdbScan}, so that a file with a wrong count or checksum is no backup.
 */
final class RedisDump implements Dump {
  private final Connection connection;
  private final Server server;
  private final Beside beside;
  private final RdbTransfer transfer;
  private final Tee stream;
  private final FutureTask<Verdict> scan;
  private volatile Optional<DriverException> broken = Optional.empty();

  private RedisDump(Connection connection, Server server, Beside beside, RdbTransfer transfer)
      throws IOException {
    this.connection = connection;
    this.server = server;
    this.beside = beside;
    this.transfer = transfer;
    PipedInputStream passing = new PipedInputStream(1 << 20);
    this.stream = new Tee(transfer, new PipedOutputStream(passing));
    this.scan = new FutureTask<>(() -> scan(passing));
    Thread thread = new Thread(scan, "redis-scan");
    thread.setDaemon(true);
    thread.start();
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

  private static Verdict scan(InputStream passing) throws IOException {
    try (passing) {
      Verdict verdict = RdbScan.verdict(passing);
      passing.transferTo(OutputStream.nullOutputStream());
      return verdict;
    }
  }

  @Override
  public InputStream stream() {
    return stream;
  }

  @Override
  public Report finish() throws DriverException {
    if (broken.isPresent()) {
      throw broken.get();
    }
    if (!transfer.complete()) {
      throw new DriverException(
          Kind.TRANSIENT,
          "the RDB file of Redis "
              + connection.address().where()
              + " did not come to its end; nothing of it is kept");
    }
    Verdict verdict = verdict();
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

  private Verdict verdict() throws DriverException {
    try {
      stream.end();
      return scan.get();
    } catch (ExecutionException | IOException e) {
      throw new DriverException(
          Kind.TRANSIENT, "the RDB file could not be read along: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, "the dump was cancelled", e);
    }
  }

  @Override
  public void close() {
    connection.close();
    try {
      stream.end();
    } catch (IOException e) {
      // Nobody reads along any more.
    }
  }

  /** Hands on what passes, and a copy of it. What breaks it is told by {@link #finish}. */
  private final class Tee extends InputStream {
    private final InputStream in;
    private final PipedOutputStream copy;

    Tee(InputStream in, PipedOutputStream copy) {
      this.in = in;
      this.copy = copy;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n;
      try {
        n = in.read(bytes, offset, length);
      } catch (IOException e) {
        broken = Optional.of(Failures.explain("SYNC", e, connection.address()));
        return -1;
      }
      if (n > 0) {
        copy.write(bytes, offset, n);
      }
      return n;
    }

    void end() throws IOException {
      copy.close();
    }
  }
}
