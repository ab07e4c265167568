package io.keepset.drivers.engine.mongodb;

import com.mongodb.MongoException;
import io.keepset.drivers.stream.StoredGzip;
import io.keepset.drivers.tool.SecretFiles;
import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One archive under way, made by {@code mongodump} or by an {@link ArchiveWriter}. It is read along
 * as it passes, and its collections are compared with what the server said before and says after.
 */
final class MongoDump implements Dump {
  private final Server server;
  private final List<String> excluded;
  private final Catalogue before;
  private final SecretFiles files;
  private final Optional<ToolProcess> tool;
  private final ArchiveParser parser = new ArchiveParser(new ArchiveParser.Listener() {}, false);
  private final StoredGzip stream;
  private volatile boolean ended;
  private volatile boolean closed;
  private volatile Optional<DriverException> broken = Optional.empty();

  private MongoDump(
      Server server,
      List<String> excluded,
      Catalogue before,
      SecretFiles files,
      Optional<ToolProcess> tool,
      InputStream archive) {
    this.server = server;
    this.excluded = excluded;
    this.before = before;
    this.files = files;
    this.tool = tool;
    this.stream = new StoredGzip(new Tap(archive));
  }

  static MongoDump start(Source source) throws DriverException {
    Address address = Address.toDump(source);
    Optional<Tools> tools = Tools.find(source.options());
    Server server = Server.open(address);
    SecretFiles files = new SecretFiles();
    try {
      List<String> excluded = source.options().list("exclude_collections");
      Catalogue before = Catalogue.ask(server.database(), excluded, address);
      before.requireSomething(address);
      if (tools.isPresent()) {
        ToolProcess process = ToolProcess.start(command(tools.get(), address, excluded, files));
        return new MongoDump(
            server, excluded, before, files, Optional.of(process), process.stdout());
      }
      return new MongoDump(
          server, excluded, before, files, Optional.empty(), writer(server, before));
    } catch (MongoException e) {
      files.close();
      server.close();
      throw Failures.explain("reading collections", e, address);
    } catch (DriverException | RuntimeException e) {
      files.close();
      server.close();
      throw e;
    }
  }

  private static ToolCommand command(
      Tools tools, Address address, List<String> excluded, SecretFiles files)
      throws DriverException {
    List<String> arguments = new ArrayList<>();
    arguments.add("--config=" + address.config(files));
    arguments.add("--archive");
    arguments.add("--db=" + address.database());
    arguments.add("--excludeCollectionsWithPrefix=" + Collection.BEFORE);
    arguments.add("--excludeCollectionsWithPrefix=" + Collection.RESTORING);
    excluded.forEach(name -> arguments.add("--excludeCollection=" + name));
    Path program = tools.program("mongodump");
    return new ToolCommand(
        program, arguments, new TreeMap<>(), address.scrubber(), address.silence());
  }

  private static ArchiveWriter writer(Server server, Catalogue catalogue) throws DriverException {
    List<Announced> collections = new ArrayList<>();
    for (Collection collection : catalogue.collections()) {
      if (collection.timeSeries()) {
        throw new DriverException(
            Kind.REJECTED,
            collection.name()
                + " is a time series, which only mongodump can back up; install MongoDB's database"
                + " tools, or leave it out by option exclude_collections");
      }
      collections.add(collection.announce(server.database()));
    }
    return new ArchiveWriter(server.database(), server.version(), collections);
  }

  @Override
  public InputStream stream() {
    return stream;
  }

  @Override
  public Report finish() throws DriverException {
    if (closed) {
      throw new DriverException(Kind.TRANSIENT, "the dump was ended before it was read");
    }
    if (broken.isPresent() && broken.get().kind() != Kind.DAMAGED) {
      throw broken.get();
    }
    if (tool.isPresent()) {
      ToolExit exit = tool.get().finish();
      if (!exit.ok()) {
        throw Failures.explain("mongodump", exit, server.address());
      }
    }
    if (broken.isPresent()) {
      throw broken.get();
    }
    if (!ended || !stream.ended()) {
      throw notWhole("it was not read to its end");
    }
    Contents contents = parser.contents();
    Catalogue after = Catalogue.ask(server.database(), excluded, server.address());
    String database = server.address().database();
    Optional<String> missing = before.missing(contents, database, after);
    if (missing.isPresent()) {
      throw notWhole(missing.get());
    }
    List<String> warnings = new ArrayList<>(before.doubts(contents, database, after));
    if (server.sharded()) {
      warnings.add(
          "the deployment is sharded: the collections of this backup are not of one moment, and a"
              + " chunk that moved meanwhile may be in it twice or not at all");
    }
    return new Report(contents.facts(), List.of(), warnings);
  }

  private DriverException notWhole(String why) {
    return new DriverException(
        Kind.DAMAGED,
        "the archive of database "
            + server.address().database()
            + " is not whole: "
            + why
            + "; nothing of it is kept");
  }

  @Override
  public void close() {
    closed = true;
    tool.ifPresent(ToolProcess::close);
    files.close();
    server.close();
  }

  /** Reads along. What breaks it is told by {@link #finish}. */
  private final class Tap extends FilterInputStream {
    private boolean delivered;

    Tap(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (broken.isPresent()) {
        return -1;
      }
      try {
        int n = in.read(bytes, offset, length);
        if (n < 0) {
          parser.finish();
          ended = true;
        } else {
          parser.accept(bytes, offset, n);
          forgetLogin();
        }
        return n;
      } catch (MalformedArchive e) {
        broken = Optional.of(notWhole(String.valueOf(e.getMessage())));
      } catch (MongoException e) {
        broken = Optional.of(Failures.explain("reading", e, server.address()));
      } catch (IOException | IllegalStateException e) {
        broken =
            Optional.of(
                new DriverException(
                    Kind.TRANSIENT, "reading the archive broke off: " + e.getMessage(), e));
      }
      return -1;
    }

    /** A tool that delivers has read its configuration. */
    private void forgetLogin() {
      if (!delivered) {
        delivered = true;
        files.close();
      }
    }
  }
}
