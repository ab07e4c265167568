package io.keepset.drivers.engine.elasticsearch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node that is a cluster by itself and listens on 127.0.0.1 only: what it is started with.
 *
 * @param product name of its program and of its file of settings: {@code elasticsearch}
 * @param home of the installation, which is not written to
 * @param directory where all lies that it writes
 */
record LoneNode(String product, Path home, Path directory) {
  /** What is to be executed. */
  Path program() {
    return home.resolve("bin").resolve(product);
  }

  /** Home of its own Java runtime; of ours where it came without one. */
  Path java() {
    Path bundled = home.resolve("jdk");
    return Files.isExecutable(bundled.resolve("bin/java"))
        ? bundled
        : Path.of(System.getProperty("java.home"));
  }

  /** Where snapshots may lie. */
  Path repository() {
    return directory.resolve("repository");
  }

  /** Makes the directories that have to be there before it starts. */
  void prepare() throws IOException {
    Files.createDirectories(repository());
    Files.createDirectories(temporary());
  }

  /** Its own: it does not start if its installation lies below. */
  private Path temporary() {
    return directory.resolve("tmp");
  }

  /** Lines of {@code elasticsearch.yml}, without those about users. */
  List<String> settings(int port, int transportPort) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "cluster.name: keepset-" + port,
                "node.name: n1",
                "path.data: " + quoted(directory.resolve("data")),
                "path.logs: " + quoted(directory.resolve("logs")),
                "path.repo: [" + quoted(repository()) + "]",
                "network.host: 127.0.0.1",
                "http.port: " + port,
                "transport.port: " + transportPort,
                "discovery.type: single-node",
                "cluster.max_shards_per_node: 100000",
                "cluster.routing.allocation.disk.threshold_enabled: false"));
    if (Files.isDirectory(home.resolve("modules/ingest-geoip"))) {
      // It would ask the internet for data.
      lines.add("ingest.geoip.downloader.enabled: false");
    }
    return lines;
  }

  private static String quoted(Path path) {
    return "\"" + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /**
   * @param config directory of its settings
   * @param options of its Java runtime
   */
  Map<String, String> environment(Path config, String options) {
    String prefix = product.equals("elasticsearch") ? "ES" : "OPENSEARCH";
    Map<String, String> environment = new TreeMap<>();
    environment.put(prefix + "_PATH_CONF", config.toString());
    environment.put(prefix + "_TMPDIR", temporary().toString());
    environment.put(prefix + "_JAVA_OPTS", options);
    environment.put("CLI_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    environment.put("HOME", directory.toString());
    environment.put(prefix + "_JAVA_HOME", java().toString());
    return environment;
  }
}
