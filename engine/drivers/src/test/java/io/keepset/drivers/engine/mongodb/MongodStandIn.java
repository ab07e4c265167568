package io.keepset.drivers.engine.mongodb;

import de.bwaldvogel.mongo.MongoServer;
import io.keepset.drivers.lab.JavaProgram;
import io.keepset.drivers.lab.ScramServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * A program {@code mongod} that is the fake of a server in a process of its own. It takes those
 * options of the real one that stand here, each needed, and no others.
 */
final class MongodStandIn {
  private static final String VERSION = "5.0.0";

  private static final List<String> OPTIONS =
      List.of(
          "--dbpath",
          "--port",
          "--bind_ip",
          "--nounixsocket",
          "--auth",
          "--wiredTigerCacheSizeGB",
          "--setParameter");

  /** What the fake needs of our class path. */
  private static final String LIBRARIES = "(mongo-java-server|netty|slf4j-api|bson).*\\.jar";

  private MongodStandIn() {}

  /** Puts the program into a directory. */
  static void install(Path directory) throws IOException {
    JavaProgram.install(
        directory,
        "mongod",
        LIBRARIES,
        List.of(MongodStandIn.class, GuardedBackend.class, ScramServer.class));
  }

  /** Runs until it is killed. */
  public static void main(String[] args) throws Exception {
    Map<String, String> options = new TreeMap<>();
    for (String arg : args) {
      String[] parts = arg.split("=", 2);
      options.put(parts[0], parts.length == 2 ? parts[1] : "");
    }
    if (!options.keySet().equals(new java.util.TreeSet<>(OPTIONS))) {
      System.err.println("Error parsing command line: " + options.keySet());
      System.exit(2);
    }
    // A directory that is not there, or not his own, ends the real one, too.
    Files.createFile(Path.of(options.get("--dbpath")).resolve("mongod.lock"));
    GuardedBackend backend = new GuardedBackend(Map.of());
    MongoServer server = new MongoServer(backend);
    server.bind(options.get("--bind_ip"), Integer.parseInt(options.get("--port")));
    System.out.println("db version v" + VERSION + ", waiting for connections");
    new CountDownLatch(1).await();
  }
}
