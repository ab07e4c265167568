package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.http.HttpApi;
import io.keepset.drivers.http.Refused;
import io.keepset.drivers.lab.FreePort;
import io.keepset.policy.Options;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real RabbitMQ with its management API on free ports of 127.0.0.1, with a home and a name server
 * (epmd) of its own. {@link #close} ends both and leaves nothing.
 */
final class RabbitLab implements AutoCloseable {
  /** The same on every server of this process, as a restore logs in like the backup did. */
  static final String PASSWORD = "pw-" + UUID.randomUUID();

  private static final Path PROGRAM = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
  private static final Path NAMES = Path.of("/usr/bin/epmd");
  private final Path home;
  private final int port;
  private final String epmd;
  private final Process names;
  private final Process server;
  private final Thread atExit = new Thread(this::kill, "stop-rabbitmq-lab");

  private RabbitLab() throws IOException {
    this.home = Files.createTempDirectory("keepset-rabbitmq");
    this.port = FreePort.take();
    this.epmd = String.valueOf(FreePort.take());
    Runtime.getRuntime().addShutdownHook(atExit);
    // Started by ourselves: the server would leave one behind that belongs to nobody.
    this.names =
        new ProcessBuilder(NAMES.toString(), "-port", epmd, "-address", "127.0.0.1")
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("epmd.log").toFile())
            .start();
    Files.writeString(home.resolve("plugins"), "[rabbitmq_management].\n");
    Files.writeString(
        home.resolve("rabbitmq.conf"),
        String.join(
            "\n",
            "listeners.tcp.1 = 127.0.0.1:" + FreePort.take(),
            "management.tcp.ip = 127.0.0.1",
            "management.tcp.port = " + port,
            "default_user = lab",
            "default_pass = " + PASSWORD,
            "default_user_tags.administrator = true",
            // Messages are counted as often: 5 s are many for a test.
            "collect_statistics_interval = 250",
            ""));
    ProcessBuilder builder =
        new ProcessBuilder(PROGRAM.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("HOME", home.toString());
    environment.put("RABBITMQ_NODENAME", "r" + port + "@localhost");
    environment.put("RABBITMQ_MNESIA_BASE", home.resolve("mnesia").toString());
    environment.put("RABBITMQ_LOG_BASE", home.resolve("logs").toString());
    environment.put("RABBITMQ_CONFIG_FILE", home.resolve("rabbitmq.conf").toString());
    environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", home.resolve("plugins").toString());
    environment.put("RABBITMQ_PID_FILE", home.resolve("pid").toString());
    environment.put("RABBITMQ_DIST_PORT", String.valueOf(FreePort.take()));
    environment.put("ERL_EPMD_PORT", epmd);
    environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    environment.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
        "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1");
    this.server = builder.start();
    try {
      awaitReady();
      send("PUT", "api/users/nobody", "{\"password\":\"n-" + PASSWORD + "\",\"tags\":\"\"}");
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Starts one; skips the test if there is none on this machine. */
  static RabbitLab start() {
    Assumptions.assumeTrue(
        Files.isExecutable(PROGRAM),
        "no RabbitMQ at " + PROGRAM + " (apt-get install rabbitmq-server)");
    try {
      return new RabbitLab();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** RabbitMQ's own program for this server. */
  ProcessBuilder ctl(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                PROGRAM.resolveSibling("rabbitmqctl").toString(), "-n", "r" + port + "@localhost"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    // There is its cookie.
    builder.environment().put("HOME", home.toString());
    builder.environment().put("ERL_EPMD_PORT", epmd);
    return builder;
  }

  String name() {
    return "127.0.0.1:" + port;
  }

  Source source(Map<String, String> connection) {
    TreeMap<String, String> all = new TreeMap<>();
    all.put("host", "127.0.0.1");
    all.put("port", String.valueOf(port));
    all.put("user", "lab");
    all.put("password", "env:LAB");
    all.putAll(connection);
    return new Source("broker", new Options(all), Options.NONE, EngineLab.secrets(PASSWORD));
  }

  private HttpApi http() throws DriverException {
    return Broker.toDump(source(Map.of())).http();
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

  void delete(String path) {
    send("DELETE", path, "");
  }

  /** Names of what a list of the API holds. */
  List<String> names(String path) {
    List<String> names = new ArrayList<>();
    for (Node node : ((ListNode) get(path + "?columns=name")).items()) {
      names.add(((MapNode) node).text("name").orElseThrow());
    }
    return names;
  }

  /** As it was when it started. */
  void empty() {
    for (String vhost : names("api/vhosts")) {
      if (!vhost.equals("/")) {
        delete("api/vhosts/" + HttpApi.segment(vhost));
      }
    }
    for (String user : names("api/users")) {
      if (!user.equals("lab") && !user.equals("nobody")) {
        delete("api/users/" + HttpApi.segment(user));
      }
    }
    for (String parameter : names("api/global-parameters")) {
      if (!parameter.equals("internal_cluster_id")) {
        delete("api/global-parameters/" + HttpApi.segment(parameter));
      }
    }
  }

  /**
   * All definitions, order aside.
   *
   * @param path below {@code api/definitions}
   */
  String content(String path) {
    MapNode all = (MapNode) get("api/definitions" + path);
    StringBuilder text = new StringBuilder();
    for (Section section : Section.values()) {
      List<String> items = new ArrayList<>();
      all.get(section.key())
          .map(node -> ((ListNode) node).items())
          .orElse(List.of())
          .forEach(
              item -> {
                MapNode map = (MapNode) item;
                if (section != Section.GLOBAL_PARAMETERS || !Selection.own(map)) {
                  String line = Canonical.of(map);
                  // Of one vhost: it may have another name.
                  items.add(path.isEmpty() ? line : line.replaceAll(",\"vhost\":\"[^\"]*\"", ""));
                }
              });
      items.sort(null);
      text.append(section.key()).append('\n').append(String.join("\n", items)).append('\n');
    }
    return text.toString();
  }

  private void awaitReady() {
    for (long i = 0; i < Await.PATIENCE.toSeconds() * 4; i++) {
      if (!server.isAlive()) {
        break;
      }
      try {
        http().get("api/overview");
        return;
      } catch (DriverException | Refused e) {
        pause();
      }
    }
    throw new IllegalStateException("RabbitMQ did not start; see " + home.resolve("log"));
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(250);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends it as a crash does. */
  private void kill() {
    List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
    all.add(server.toHandle());
    all.addAll(names.descendants().toList());
    all.add(names.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle handle : all) {
      handle.onExit().orTimeout(10, TimeUnit.SECONDS).handle((one, two) -> one).join();
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
    try (Stream<Path> files = Files.walk(home)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
