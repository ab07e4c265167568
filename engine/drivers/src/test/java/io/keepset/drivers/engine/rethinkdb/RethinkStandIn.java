package io.keepset.drivers.engine.rethinkdb;

import io.keepset.drivers.lab.JavaProgram;
import io.keepset.drivers.lab.ScramServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * A program {@code rethinkdb} that is a {@link RethinkWire}. It takes those settings of the real
 * one that stand here, each needed, and no others.
 */
final class RethinkStandIn {
  private static final Set<String> SETTINGS =
      Set.of(
          "directory",
          "bind",
          "driver-port",
          "cluster-port",
          "no-http-admin",
          "no-update-check",
          "cache-size",
          "initial-password");

  private RethinkStandIn() {}

  /** Puts the program into a directory. */
  static void install(Path directory) throws IOException {
    JavaProgram.install(
        directory,
        "rethinkdb",
        "(jackson|rethinkdb).*\\.jar",
        List.of(RethinkStandIn.class, RethinkWire.class, RethinkQueries.class, ScramServer.class));
  }

  /** Runs until it is killed. */
  public static void main(String[] args) throws Exception {
    Map<String, String> settings = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of(args[1]))) {
      String[] parts = line.split("=", 2);
      settings.put(parts[0], parts.length == 2 ? parts[1] : "");
    }
    if (!args[0].equals("--config-file") || !settings.keySet().equals(SETTINGS)) {
      System.err.println("error: unrecognised options: " + settings.keySet());
      System.exit(1);
    }
    Files.createDirectory(Path.of(settings.get("directory")));
    int port = Integer.parseInt(settings.get("driver-port"));
    try (RethinkWire wire = new RethinkWire(port, settings.get("initial-password"))) {
      System.out.println("Listening for client driver connections on port " + wire.port());
      new CountDownLatch(1).await();
    }
  }
}
