package io.keepset.drivers.engine.etcd;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.lab.Certificates;
import io.keepset.drivers.lab.FreePort;
import io.keepset.policy.Options;
import io.keepset.source.MapBuilder;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import io.keepset.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real etcd of one member on free ports of 127.0.0.1, with a directory of its own. {@link #close}
 * ends it and leaves nothing. Its users are {@code root}, who may do all, and {@code nobody}.
 */
final class EtcdLab implements AutoCloseable {
  /** The same on every server of this process, as a restore logs in like the backup did. */
  static final String PASSWORD = "pw-" + UUID.randomUUID();

  private static final Path PROGRAM = Path.of("/usr/bin/etcd");
  private static final String ROOT = "root:" + PASSWORD;

  private final Path directory;
  private final int port;
  private final int peerPort;
  private final boolean auth;
  private final Optional<Certificates> tls;
  private final Process server;
  private final Thread atExit = new Thread(this::kill, "stop-etcd-lab");

  private EtcdLab(Path directory, boolean auth, Optional<Certificates> tls, List<String> settings)
      throws IOException {
    this.tls = tls;
    this.directory = directory;
    this.port = FreePort.take();
    this.auth = auth;
    String client = (tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + port;
    this.peerPort = FreePort.take();
    String peer = "http://127.0.0.1:" + peerPort;
    List<String> command =
        new ArrayList<>(
            List.of(
                PROGRAM.toString(),
                "--name=lab",
                "--data-dir=" + data(),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=lab=" + peer,
                "--heartbeat-interval=50",
                "--election-timeout=500",
                // Passwords are not what is tried here, and each call logs in.
                "--bcrypt-cost=4"));
    command.addAll(settings);
    Runtime.getRuntime().addShutdownHook(atExit);
    this.server =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    awaitReady();
    if (auth) {
      tool("", "user", "add", ROOT);
      tool("", "user", "add", "nobody:n-" + PASSWORD);
      tool("", "user", "grant-role", "root", "root");
      tool("", "auth", "enable");
    }
  }

  /** Starts one that asks for a login; skips the test if there is none on this machine. */
  static EtcdLab start(String... settings) {
    return start(true, settings);
  }

  static EtcdLab start(boolean auth, String... settings) {
    requireTools();
    try {
      return new EtcdLab(
          Files.createTempDirectory("keepset-etcd"), auth, Optional.empty(), List.of(settings));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireTools() {
    Assumptions.assumeTrue(
        Files.isExecutable(PROGRAM) && Files.isExecutable(EtcdTool.PROGRAM),
        "skipped: no etcd at " + PROGRAM + " (apt-get install etcd-server etcd-client)");
  }

  /** Starts one without users that talks TLS only, and only with clients of the authority. */
  static EtcdLab startWithTls(Certificates all) {
    requireTools();
    try {
      return new EtcdLab(
          Files.createTempDirectory("keepset-etcd"),
          false,
          Optional.of(all),
          List.of(
              "--cert-file=" + all.file("server.pem"),
              "--key-file=" + all.file("server.key"),
              "--trusted-ca-file=" + all.file("ca.pem"),
              "--client-cert-auth"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts one on what etcdctl made of a snapshot, as an operator would. */
  static EtcdLab startOn(Path snapshot) {
    try {
      Path directory = Files.createTempDirectory("keepset-etcd");
      EtcdTool.restore(snapshot, directory.resolve("data"));
      // The users come back with it: nothing is to be made.
      return new EtcdLab(directory, false, Optional.empty(), List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return "127.0.0.1:" + port;
  }

  String peerPort() {
    return String.valueOf(peerPort);
  }

  /** Whom this lab itself talks to. */
  private Map<String, String> where() {
    TreeMap<String, String> all = new TreeMap<>();
    all.put("host", "127.0.0.1");
    all.put("port", String.valueOf(port));
    tls.ifPresent(
        files -> {
          all.put("tls.enabled", "true");
          all.put("tls.ca", files.file("ca.pem"));
          all.put("tls.cert", files.file("client.pem"));
          all.put("tls.key", "file:" + files.file("client.key"));
        });
    return all;
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  Source source(Map<String, String> connection) {
    TreeMap<String, String> all = new TreeMap<>();
    all.put("host", "127.0.0.1");
    all.put("port", String.valueOf(port));
    if (auth) {
      all.put("user", "root");
      all.put("password", "env:LAB");
    }
    all.putAll(connection);
    return new Source("config", new Options(all), Options.NONE, EngineLab.secrets(PASSWORD));
  }

  /** Runs etcdctl against it as root. */
  String ctl(String... arguments) {
    return tool("", arguments);
  }

  /** The same with something on its input. */
  String tool(String input, String... arguments) {
    boolean enabling = arguments[0].equals("user") || arguments[0].equals("auth");
    return (enabling ? new EtcdTool(name(), Optional.empty()) : usual()).run(input, arguments);
  }

  private EtcdTool usual() {
    return new EtcdTool(name(), auth ? Optional.of(ROOT) : Optional.empty());
  }

  /** The same by a login that the server knows though this lab did not make it. */
  String ctlAsRoot(String... arguments) {
    return toolAsRoot("", arguments);
  }

  /** The same with something on its input. */
  String toolAsRoot(String input, String... arguments) {
    return new EtcdTool(name(), Optional.of(ROOT)).run(input, arguments);
  }

  /** Puts keys, many at once. */
  void put(Map<String, byte[]> pairs) {
    try {
      Cluster cluster = Cluster.toDump(source(Map.of()));
      List<Node> batch = new ArrayList<>();
      long bytes = 0;
      for (Map.Entry<String, byte[]> pair : pairs.entrySet()) {
        Base64.Encoder base64 = Base64.getEncoder();
        byte[] key = pair.getKey().getBytes(StandardCharsets.UTF_8);
        MapBuilder put =
            new MapBuilder()
                .put("key", base64.encodeToString(key))
                .put("value", base64.encodeToString(pair.getValue()));
        if (batch.size() == 100 || (bytes + pair.getValue().length > 1_000_000 && bytes > 0)) {
          cluster.apply(batch);
          batch.clear();
          bytes = 0;
        }
        batch.add(new MapBuilder().put("request_put", put).build());
        bytes += pair.getValue().length;
      }
      if (!batch.isEmpty()) {
        cluster.apply(batch);
      }
    } catch (DriverException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All keys and values, by etcdctl; neither revisions nor leases. */
  String content() {
    return keys() + usual().digest("get", "", "--prefix", "--hex");
  }

  String keys() {
    return ctl("get", "", "--prefix", "--hex", "--keys-only");
  }

  boolean alive() {
    return server.isAlive();
  }

  private void awaitReady() {
    Source open = new Source("x", Options.of(where()), Options.NONE, EngineLab.secrets(PASSWORD));
    try {
      Await.until(
          "etcd to start",
          () -> {
            if (!server.isAlive()) {
              throw new AssertionError("etcd ended: " + log());
            }
            return !Cluster.toDump(open).status().text("leader").orElse("0").equals("0");
          },
          this::log);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  /** Ends it as a crash does. */
  void kill() {
    server.destroyForcibly();
    try {
      server.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The machine is shutting down: the hook runs.
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
