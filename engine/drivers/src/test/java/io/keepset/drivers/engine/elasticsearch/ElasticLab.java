package io.keepset.drivers.engine.elasticsearch;

import io.keepset.drivers.http.Endpoint;
import io.keepset.drivers.http.HttpApi;
import io.keepset.drivers.http.Refused;
import io.keepset.drivers.lab.FreePort;
import io.keepset.drivers.lab.MavenFiles;
import io.keepset.drivers.lab.Relay;
import io.keepset.policy.Options;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * A real Elasticsearch or OpenSearch of one node on free ports of 127.0.0.1, as Maven's
 * repositories have it. It refuses to run as root: then it runs as nobody.
 */
public final class ElasticLab implements AutoCloseable {
  static final String PASSWORD = "pw-" + UUID.randomUUID();

  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private final String product;
  private final boolean secured;
  private final Path home;
  private final Path program;
  private final int port;
  private final Process server;
  private final List<Relay> relays = new ArrayList<>();
  private final Thread atExit = new Thread(this::kill, "stop-elasticsearch-lab");

  /**
   * @param product {@code elasticsearch} or {@code opensearch}; the latter comes without security
   */
  public ElasticLab(String product) throws IOException, InterruptedException {
    this.product = product;
    this.secured = product.equals("elasticsearch");
    Path zip = Path.of(MavenFiles.classPath(product));
    home = Files.createTempDirectory("keepset-" + product);
    program = unzip(zip);
    port = FreePort.take();
    configure();
    Runtime.getRuntime().addShutdownHook(atExit);
    if (secured) {
      addUsers();
    }
    server = command(program.resolve("bin").resolve(product).toString()).start();
    awaitReady();
  }

  private Path unzip(Path zip) throws IOException {
    try (ZipFile file = ZipFile.builder().setPath(zip).get()) {
      for (ZipArchiveEntry entry : java.util.Collections.list(file.getEntries())) {
        Path target = home.resolve(entry.getName()).normalize();
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
    try (Stream<Path> found = Files.list(home)) {
      return found.findFirst().orElseThrow();
    }
  }

  private void configure() throws IOException {
    Files.createDirectories(repository());
    List<String> lines =
        new ArrayList<>(
            List.of(
                "cluster.name: lab" + port,
                "node.name: n1",
                "path.data: " + home.resolve("data"),
                "path.logs: " + home.resolve("logs"),
                "path.repo: [\"" + repository() + "\"]",
                "network.host: 127.0.0.1",
                "http.port: " + port,
                "transport.port: " + FreePort.take(),
                "discovery.type: single-node",
                "cluster.routing.allocation.disk.threshold_enabled: false"));
    if (secured) {
      lines.add("xpack.security.enabled: true");
      lines.add("xpack.security.autoconfiguration.enabled: false");
    }
    Files.write(program.resolve("config").resolve(product + ".yml"), lines);
    ownedByNobody();
  }

  private void ownedByNobody() throws IOException {
    if (!ROOT) {
      return;
    }
    var nobody =
        home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    try (Stream<Path> all = Files.walk(home)) {
      for (Path path : all.toList()) {
        Files.setOwner(path, nobody);
      }
    }
  }

  /**
   * One who may do all, and nobody, who may nothing. The program for it takes longer to start than
   * all laws need.
   */
  private void addUsers() throws IOException {
    Path config = program.resolve("config");
    String hash = hash();
    Files.writeString(config.resolve("users"), "lab:" + hash + "\nnobody:" + hash + "\n");
    Files.writeString(config.resolve("users_roles"), "superuser:lab\n");
    ownedByNobody();
  }

  /** Of the password, as Elasticsearch writes it ("Hashing settings", {@code pbkdf2}). */
  private static String hash() {
    int rounds = 1000;
    byte[] salt = new byte[32];
    new SecureRandom().nextBytes(salt);
    try {
      byte[] hash =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
              .generateSecret(new PBEKeySpec(PASSWORD.toCharArray(), salt, rounds, 256))
              .getEncoded();
      Base64.Encoder base64 = Base64.getEncoder();
      return "{PBKDF2}"
          + rounds
          + "$"
          + base64.encodeToString(salt)
          + "$"
          + base64.encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }

  /**
   * Makes a role, and a login of its name with the usual password, in the files that the server
   * reads again every few seconds: this distribution has no place of its own for them.
   */
  void login(String name, String role) throws IOException, InterruptedException, DriverException {
    Path config = program.resolve("config");
    Files.writeString(
        config.resolve("roles.yml"), name + ": " + role + "\n", StandardOpenOption.APPEND);
    String users = Files.readString(config.resolve("users"));
    String hash = users.lines().findFirst().orElseThrow().split(":", 2)[1];
    Files.writeString(config.resolve("users"), name + ":" + hash + "\n", StandardOpenOption.APPEND);
    Files.writeString(
        config.resolve("users_roles"), name + ":" + name + "\n", StandardOpenOption.APPEND);
    HttpApi as = new HttpApi(Endpoint.toDump("lab", source(List.of(), Map.of("user", name)), port));
    for (int i = 0; i < 600; i++) {
      try {
        as.get("_cluster/health");
        return;
      } catch (DriverException | Refused e) {
        Thread.sleep(500);
      }
    }
    throw new IllegalStateException(name + " may not even ask for the health");
  }

  private ProcessBuilder command(String... words) {
    List<String> command = new ArrayList<>();
    if (ROOT) {
      command.addAll(
          List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"));
    }
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()));
    String prefix = secured ? "ES" : "OPENSEARCH";
    builder.environment().put(prefix + "_JAVA_HOME", System.getProperty("java.home"));
    // It lives for a minute or two: what is compiled twice for speed never pays.
    builder.environment().put(prefix + "_JAVA_OPTS", "-Xms512m -Xmx512m -XX:TieredStopAtLevel=1");
    builder.environment().put("CLI_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    builder.environment().put("HOME", home.toString());
    return builder;
  }

  private void awaitReady() throws IOException, InterruptedException {
    for (int i = 0; i < 600 && server.isAlive(); i++) {
      try {
        http().get("_cluster/health?wait_for_status=yellow&timeout=30s");
        return;
      } catch (DriverException | Refused e) {
        Thread.sleep(500);
      }
    }
    List<String> log = Files.readAllLines(home.resolve("log"));
    close();
    throw new IllegalStateException(
        product + " did not start: " + log.subList(Math.max(0, log.size() - 20), log.size()));
  }

  Path repository() {
    return home.resolve("repository");
  }

  boolean secured() {
    return secured;
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  Source source(List<String> indices, Map<String, String> connection) {
    TreeMap<String, String> all = new TreeMap<>();
    all.put("host", "127.0.0.1");
    all.put("port", String.valueOf(port));
    if (secured) {
      all.put("user", "lab");
      all.put("password", "env:LAB");
    }
    all.putAll(connection);
    TreeMap<String, String> options = new TreeMap<>();
    options.put("repository.path", repository().toString());
    for (int i = 0; i < indices.size(); i++) {
      options.put("indices[" + i + "]", indices.get(i));
    }
    return new Source(
        "search",
        new Options(all),
        new Options(options),
        name -> new Secret(name.equals("env:LAB") ? PASSWORD : "wrong-" + PASSWORD));
  }

  /** A way to the server that can be cut. */
  Relay relay() throws IOException {
    Relay relay = new Relay(URI.create("http://" + address()));
    relays.add(relay);
    return relay;
  }

  private HttpApi http() throws DriverException {
    return new HttpApi(Endpoint.toDump("lab", source(List.of(), Map.of()), port));
  }

  Node get(String path) {
    try {
      return http().get(path);
    } catch (DriverException | Refused e) {
      throw new IllegalStateException(path, e);
    }
  }

  void send(String method, String path, String json) {
    try {
      http().sendJson(method, path, json.getBytes(StandardCharsets.UTF_8));
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
    try (Stream<Path> files = Files.walk(home)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      // Under the temporary directory.
    }
  }
}
