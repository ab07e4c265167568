package io.keepset.drivers.engine.scylla;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The calls of Scylla's REST API that we make, after its documentation; what they ask for is done
 * by a real Cassandra, as no package has a Scylla.
 */
final class ScyllaApiStub implements AutoCloseable {
  private final HttpServer server;
  private final Place place;
  private final Path data;
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile String refuses = "nothing";
  private volatile String release = "2025.1.3-0.20250601.abcdef";

  ScyllaApiStub(Source cassandra, Path data) throws IOException, DriverException {
    this.place = Place.toDump(cassandra);
    this.data = data;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<String> calls() {
    return calls;
  }

  /** The version that it says from now on. */
  void release(String version) {
    release = version;
  }

  void refuse(String call) {
    refuses = call;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String call = exchange.getRequestMethod() + " " + path;
    calls.add(call);
    int status = 200;
    byte[] answer = new byte[0];
    try (NodeControl node = JmxControl.open(place, place.nodes().get(0))) {
      if (call.startsWith(refuses)) {
        throw new IOException("out of order");
      }
      if (call.equals("GET /storage_service/scylla_release_version")) {
        answer = ("\"" + release + "\"").getBytes(StandardCharsets.UTF_8);
      } else {
        act(node, call, path, query(exchange));
      }
    } catch (DriverException | IOException e) {
      status = 500;
      answer = ("{\"message\": \"" + e.getMessage() + "\", \"code\": 500}").getBytes();
    }
    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private void act(NodeControl node, String call, String path, Map<String, String> query)
      throws DriverException, IOException {
    if (call.equals("POST /storage_service/snapshots")) {
      node.snapshot(query.get("tag"), query.get("kn"));
    } else if (call.equals("DELETE /storage_service/snapshots")) {
      node.clear(query.get("tag"), query.get("kn"));
    } else if (call.startsWith("POST /storage_service/sstables/")) {
      String keyspace = path.substring(path.lastIndexOf('/') + 1);
      node.load(keyspace, query.get("cf"), upload(keyspace, query.get("cf")));
    } else {
      throw new IOException("no such call: " + call);
    }
  }

  /** Cassandra knows the table of a file by the names of its directories. */
  private Path upload(String keyspace, String table) throws IOException {
    Path taken = data.resolveSibling("upload").resolve(keyspace).resolve(table);
    Files.createDirectories(taken);
    try (Stream<Path> tables = Files.list(data.resolve(keyspace))) {
      for (Path directory : tables.toList()) {
        Path upload = directory.resolve("upload");
        if (directory.getFileName().toString().startsWith(table + "-") && Files.exists(upload)) {
          try (Stream<Path> files = Files.list(upload)) {
            for (Path file : files.toList()) {
              Files.move(file, taken.resolve(file.getFileName()));
            }
          }
        }
      }
    }
    return taken;
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new TreeMap<>();
    for (String pair : exchange.getRequestURI().getRawQuery().split("&", -1)) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
