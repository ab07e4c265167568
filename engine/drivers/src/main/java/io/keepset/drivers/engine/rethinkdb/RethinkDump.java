package io.keepset.drivers.engine.rethinkdb;

import io.keepset.drivers.stream.PulledTar;
import io.keepset.drivers.stream.StoredGzip;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An archive as {@code rethinkdb dump} makes it, of one database: for each table its definition and
 * its documents. A table is spooled first, as a tar says the size of an entry before its content.
 */
final class RethinkDump implements Dump {
  private final Server server;
  private final Address address;
  private final String top;
  private final List<String> tables;
  private final PulledTar tar;
  private final StoredGzip stream;
  private final List<String> warnings = new ArrayList<>();
  private int next;
  private boolean definitionDone;
  private long documents;
  private long indexes;
  private Optional<Spool> spool = Optional.empty();
  private volatile boolean closed;
  private volatile Optional<DriverException> broken = Optional.empty();

  private RethinkDump(Server server, Address address, String top, List<String> tables) {
    this.server = server;
    this.address = address;
    this.top = top;
    this.tables = tables;
    this.tar = new PulledTar(this::entry);
    this.stream = new StoredGzip(new Told(tar));
  }

  /**
   * @param top of the archive's directories
   */
  static RethinkDump start(Source source, Server.Opener opener, String top) throws DriverException {
    Address address = Address.toDump(source);
    Server server = opener.open(address);
    try {
      requireDatabase(server, address);
      return new RethinkDump(server, address, top, server.tables(address.database()));
    } catch (Server.Unwell e) {
      server.close();
      throw e.reason();
    } catch (DriverException e) {
      server.close();
      throw e;
    }
  }

  static void requireDatabase(Server server, Address address) throws DriverException {
    if (!server.databases().contains(address.database())) {
      throw new DriverException(
          Kind.NOT_FOUND,
          "there is no database "
              + address.database()
              + " on "
              + address.where()
              + "; check connection.database (the block's name if left out)");
    }
    if (server.tables(address.database()).isEmpty()) {
      throw new DriverException(
          Kind.NOT_FOUND, "the database " + address.database() + " holds no table");
    }
  }

  private Optional<PulledTar.Entry> entry() throws IOException {
    if (next == tables.size()) {
      return Optional.empty();
    }
    String table = tables.get(next);
    String path = top + "/" + address.database() + "/" + table;
    if (!definitionDone) {
      definitionDone = true;
      byte[] info =
          (server.info(address.database(), table) + "\n").getBytes(StandardCharsets.UTF_8);
      indexes += TableInfo.of(info).indexes();
      return Optional.of(
          new PulledTar.Entry(path + ".info", info.length, new ByteArrayInputStream(info)));
    }
    definitionDone = false;
    next++;
    Spool filled = spool(table);
    return Optional.of(new PulledTar.Entry(path + ".json", filled.size(), filled.read()));
  }

  private Spool spool(String table) throws IOException {
    Spool filling = new Spool(address.spool());
    spool = Optional.of(filling);
    long before = server.count(address.database(), table);
    long found = 0;
    try (Server.Rows rows = server.rows(address.database(), table)) {
      write(filling, "[");
      while (rows.hasNext()) {
        write(filling, (found == 0 ? "\n" : ",\n") + rows.next());
        found++;
      }
      write(filling, "\n]\n");
    }
    if (found == 0 && !server.empty(address.database(), table)) {
      throw new IOException("table " + table + " has documents, but none of them came");
    }
    long after = server.count(address.database(), table);
    if (found < Math.min(before, after) || found > Math.max(before, after)) {
      warnings.add(
          "table "
              + table
              + ": "
              + found
              + " documents were read, the server counted "
              + before
              + " before and "
              + after
              + " afterwards; did somebody write meanwhile?");
    }
    documents += found;
    return filling;
  }

  private static void write(Spool spool, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    spool.write(bytes, 0, bytes.length);
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
    if (closed || !stream.ended()) {
      throw new DriverException(
          Kind.TRANSIENT, "the archive was not read to its end; nothing of it is kept");
    }
    ArtifactFacts facts =
        ArchiveReader.facts(address.database(), tables.size(), indexes, documents);
    if (documents == 0) {
      warnings.add("database " + address.database() + " holds no documents");
    }
    return new Report(facts, List.of(), warnings);
  }

  @Override
  public void close() {
    closed = true;
    server.close();
    try {
      tar.close();
      if (spool.isPresent()) {
        spool.get().close();
      }
    } catch (IOException e) {
      // A temporary file that could not be closed; the reason why we are here counts.
    }
  }

  /** What breaks it is told by {@link #finish}. */
  private final class Told extends FilterInputStream {
    Told(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      try {
        return broken.isPresent() ? -1 : in.read(bytes, offset, length);
      } catch (Server.Unwell e) {
        broken = Optional.of(e.reason());
      } catch (IOException e) {
        broken =
            Optional.of(
                new DriverException(
                    Kind.TRANSIENT,
                    "the dump of database "
                        + address.database()
                        + " broke off: "
                        + e.getMessage()
                        + "; is there room in "
                        + address.spool()
                        + " (option temp_dir)?",
                    e));
      }
      return -1;
    }
  }
}
