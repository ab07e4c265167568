package io.keepset.drivers.engine.mongodb;

import de.bwaldvogel.mongo.MongoServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

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
  private static final String LIBRARIES = ".*/(mongo-java-server|netty|slf4j-api|bson)[^/]*\\.jar";

  private MongodStandIn() {}

  /**
   * Puts the program and all that it needs into a directory, for whoever runs it: the user of a
   * server may not look into ours.
   */
  static void install(Path directory) throws IOException {
    Path libraries = Files.createDirectory(directory.resolve("lib"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (entry.matches(LIBRARIES)) {
        Path from = Path.of(entry);
        Files.copy(from, libraries.resolve(from.getFileName()));
      }
    }
    String folder = MongodStandIn.class.getPackageName().replace('.', '/');
    Path classes = Files.createDirectories(directory.resolve("classes").resolve(folder));
    Path own =
        Path.of(
            MongodStandIn.class.getProtectionDomain().getCodeSource().getLocation().getPath(),
            folder);
    for (Class<?> type : List.of(MongodStandIn.class, GuardedBackend.class)) {
      copyClass(own, type.getSimpleName(), classes);
    }
    Path program = directory.resolve("mongod");
    Files.writeString(
        program,
        "#!/bin/sh\nexec %s -Xmx256m -XX:TieredStopAtLevel=1 -cp '%s:%s/*' %s \"$@\"\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                directory.resolve("classes"),
                libraries,
                MongodStandIn.class.getName()));
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.toList()) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  private static void copyClass(Path from, String name, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().matches(name + "(\\$.*)?\\.class")) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
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
