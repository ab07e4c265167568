package io.keepset.drivers.engine.mongodb;

import com.mongodb.MongoException;
import io.keepset.drivers.scratch.Programs;
import io.keepset.drivers.scratch.Redump;
import io.keepset.drivers.scratch.ScratchInstance;
import io.keepset.drivers.scratch.ScratchServer;
import io.keepset.drivers.tool.ServerUser;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Engine;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** A {@code mongod} of this machine, alone, on loopback, that asks for a login. */
final class MongoScratch implements Scratch {
  /** Indexes and the journal. */
  private static final int SPACE = 4;

  private static final String USER = "keepset";
  private static final String DATABASE = "restored";

  /** Seconds that one try to reach a server that is only starting may take. */
  private static final String TO_TRY = "2";

  private static final List<Redump.Counted> COUNTED =
      List.of(
          Redump.Counted.of(Contents.COLLECTIONS),
          Redump.Counted.of("views"),
          Redump.Counted.of(Contents.DOCUMENTS));

  private static final String MISSING =
      "there is no mongod on this machine; install MongoDB's server (mongodb-org-server), or name"
          + " its directory in option tools_dir";

  private final Engine engine;

  MongoScratch(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String describe() {
    return "`mongod`, of the same or the next major version: collections, views and" + " documents";
  }

  @Override
  public Optional<String> missing(Options options) {
    return program(options).isPresent() ? Optional.empty() : Optional.of(MISSING);
  }

  private static Optional<Path> program(Options options) {
    List<Path> tools = options.get("tools_dir").map(Path::of).map(List::of).orElse(List.of());
    return Programs.find(tools, "mongod");
  }

  @Override
  public Instance start(Wanted wanted) throws DriverException {
    Path program =
        program(wanted.options()).orElseThrow(() -> new DriverException(Kind.REJECTED, MISSING));
    return ScratchInstance.build(
        wanted, SPACE, ServerUser.of("mongodb"), parts -> start(program, wanted, parts));
  }

  private Instance start(Path program, Wanted wanted, ScratchInstance.Parts parts)
      throws DriverException {
    int port = ScratchServer.freePort();
    ScratchServer server =
        parts.add(
            ScratchServer.start(
                parts.directory(), "KILL", command(program, port, parts), Map.of()));
    String password = ScratchServer.password();
    String[] version = new String[1];
    server.await(() -> version[0] = version(port));
    addUser(Address.toRestore(open(port)), password);
    Source target =
        ScratchInstance.source(
            Map.of(
                "host",
                "127.0.0.1",
                "port",
                String.valueOf(port),
                "user",
                USER,
                "database",
                DATABASE),
            // A mongodump that is older than the server might not read it.
            Options.of(Map.of("method", "driver")),
            password);
    return parts.instance(
        "MongoDB " + version[0],
        target,
        ScratchInstance.into(DATABASE),
        restored ->
            Redump.compare(Contents.restored(wanted.facts()), Redump.of(engine, target), COUNTED));
  }

  private static Source open(int port) {
    return ScratchInstance.source(
        Map.of("host", "127.0.0.1", "port", String.valueOf(port), "timeout", TO_TRY),
        Options.NONE,
        "");
  }

  private static String version(int port) throws DriverException {
    try (Server server = Server.open(Address.toRestore(open(port)))) {
      return server.version().text();
    }
  }

  private static List<String> command(Path program, int port, ScratchInstance.Parts parts) {
    return List.of(
        program.toString(),
        "--dbpath=" + parts.directory().server(),
        "--port=" + port,
        "--bind_ip=127.0.0.1",
        "--nounixsocket",
        "--auth",
        "--wiredTigerCacheSizeGB=0.25",
        // Documents whose time is over by now were in the backup all the same.
        "--setParameter=ttlMonitorEnabled=false");
  }

  /**
   * As long as there is no user, whoever comes from the same machine may make the first one
   * (MongoDB, "Localhost Exception in Self-Managed Deployments").
   */
  private static void addUser(Address address, String password) throws DriverException {
    BsonDocument command =
        new BsonDocument("createUser", new BsonString(USER))
            .append("pwd", new BsonString(password))
            .append("roles", new BsonArray(List.of(new BsonString("root"))));
    try (Server server = Server.open(address)) {
      server.client().getDatabase("admin").runCommand(command);
    } catch (MongoException e) {
      throw Failures.explain("making a user", e, address);
    }
  }
}
