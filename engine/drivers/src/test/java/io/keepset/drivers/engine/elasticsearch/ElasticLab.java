package io.keepset.drivers.engine.elasticsearch;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.http.Endpoint;
import io.keepset.drivers.http.HttpApi;
import io.keepset.drivers.http.Refused;
import io.keepset.drivers.lab.FreePort;
import io.keepset.drivers.lab.MavenFiles;
import io.keepset.drivers.lab.Relay;
import io.keepset.drivers.tool.ServerUser;
import io.keepset.policy.Options;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import io.keepset.testing.Await;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * A real Elasticsearch or OpenSearch of one node on free ports of 127.0.0.1, as Maven's
 * repositories have it; it asks for passwords, OpenSearch over TLS. It refuses to run as root: then
 * it runs as nobody.
 */
public final class ElasticLab implements AutoCloseable {
  static final String PASSWORD = "pw-" + UUID.randomUUID();

  // It lives for a minute or two: what is compiled twice for speed never pays.
  private static final String JAVA_OPTIONS = "-Xms512m -Xmx512m -XX:TieredStopAtLevel=1";

  private final String product;
  private final ServerUser user = ServerUser.of("nobody");
  private final Path directory;
  private final LoneNode node;
  private final LabLogins logins;
  private final int port;
  private final Process server;
  private final List<Relay> relays = new ArrayList<>();
  private final Thread atExit = new Thread(this::kill, "stop-elasticsearch-lab");

  /**
   * @param product {@code elasticsearch} or {@code opensearch}
   */
  public ElasticLab(String product) throws IOException, InterruptedException {
    this.product = product;
    String[] zips = MavenFiles.classPath(product).split(File.pathSeparator, -1);
    directory = Files.createTempDirectory("keepset-" + product);
    Path home = unzip(zips);
    node = new LoneNode(product, home, directory);
    logins =
        product.equals("elasticsearch")
            ? new FileLogins(home.resolve("config"))
            : new PluginLogins(home);
    port = FreePort.take();
    configure();
    Runtime.getRuntime().addShutdownHook(atExit);
    server = start();
    awaitReady();
  }

  /** The first is the server's, others are those of plugins. */
  private Path unzip(String... zips) throws IOException {
    unzip(Path.of(zips[0]), directory);
    Path home;
    try (Stream<Path> found = Files.list(directory)) {
      home = found.findFirst().orElseThrow();
    }
    for (int i = 1; i < zips.length; i++) {
      Path zip = Path.of(zips[i]);
      String name = zip.getFileName().toString().replaceFirst("-[0-9].*$", "");
      unzip(zip, home.resolve("plugins").resolve(name));
    }
    return home;
  }

  private static void unzip(Path zip, Path to) throws IOException {
    try (ZipFile file = ZipFile.builder().setPath(zip).get()) {
      for (ZipArchiveEntry entry : java.util.Collections.list(file.getEntries())) {
        Path target = to.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(target.getParent());
        try (InputStream in = file.getInputStream(entry)) {
          Files.copy(in, target);
        }
        if (entry.getName().contains("/bin/")) {
          Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
      }
    }
  }

  private Path config() {
    return node.home().resolve("config");
  }

  private void configure() throws IOException, InterruptedException {
    node.prepare();
    List<String> lines = new ArrayList<>(node.settings(port, FreePort.take()));
    lines.addAll(logins.configure());
    Files.write(config().resolve(product + ".yml"), lines);
    user.give(directory);
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(user.run(List.of(node.program().toString())))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()));
    builder.environment().putAll(node.environment(config(), JAVA_OPTIONS));
    return builder.start();
  }

  private void awaitReady() throws InterruptedException {
    try {
      Await.until(product + " to start", this::ready, this::log);
    } catch (AssertionError e) {
      close();
      throw e;
    }
  }

  private boolean ready() throws DriverException, Refused {
    if (!server.isAlive()) {
      throw new AssertionError(product + " ended: " + log());
    }
    logins.make(this);
    as(Map.of()).get("_cluster/health?wait_for_status=yellow&timeout=30s");
    return true;
  }

  private String log() {
    try {
      List<String> log = Files.readAllLines(directory.resolve("log"));
      return String.join("\n", log.subList(Math.max(0, log.size() - 20), log.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  Path repository() {
    return node.repository();
  }

  /** Its files, for who starts another one from them. */
  Path home() {
    return node.home();
  }

  LabLogins logins() {
    return logins;
  }

  Source source(List<String> indices, Map<String, String> connection) {
    TreeMap<String, String> all = new TreeMap<>();
    all.put("host", "127.0.0.1");
    all.put("port", String.valueOf(port));
    all.put("user", "lab");
    all.put("password", "env:LAB");
    all.putAll(logins.connection());
    all.putAll(connection);
    TreeMap<String, String> options = new TreeMap<>();
    options.put("repository.path", repository().toString());
    for (int i = 0; i < indices.size(); i++) {
      options.put("indices[" + i + "]", indices.get(i));
    }
    return new Source(
        "search", new Options(all), new Options(options), EngineLab.secrets(PASSWORD));
  }

  /** A way to the server that can be cut. */
  Relay relay() throws IOException {
    Relay relay = new Relay(URI.create("http://127.0.0.1:" + port));
    relays.add(relay);
    return relay;
  }

  /** By a login that differs in this from the usual one. */
  HttpApi as(Map<String, String> connection) throws DriverException {
    return new HttpApi(Endpoint.toDump("lab", source(List.of(), connection), port));
  }

  Node get(String path) {
    try {
      return as(Map.of()).get(path);
    } catch (DriverException | Refused e) {
      throw new IllegalStateException(path, e);
    }
  }

  void send(String method, String path, String json) {
    send(Map.of(), method, path, json);
  }

  void send(Map<String, String> connection, String method, String path, String json) {
    try {
      as(connection).sendJson(method, path, json.getBytes(StandardCharsets.UTF_8));
    } catch (DriverException | Refused e) {
      throw new IllegalStateException(method + " " + path, e);
    }
  }

  private void kill() {
    if (server == null) {
      return;
    }
    List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
    all.add(server.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle handle : all) {
      handle.onExit().orTimeout(30, TimeUnit.SECONDS).handle((one, two) -> one).join();
    }
  }

  @Override
  public void close() {
    relays.forEach(Relay::close);
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The machine is shutting down: the hook runs.
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      // Under the temporary directory.
    }
  }
}
