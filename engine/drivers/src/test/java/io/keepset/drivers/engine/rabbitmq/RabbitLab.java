package io.keepset.drivers.engine.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.http.HttpApi;
import io.keepset.drivers.http.Refused;
import io.keepset.drivers.lab.FreePort;
import io.keepset.drivers.lab.LabHome;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
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
  private static final String LOG = "log";

  private static Optional<RabbitLab> shared = Optional.empty();

  private final LabHome home = new LabHome("rabbitmq");
  private final int port;
  private final String epmd;
  private final Process server;

  private RabbitLab() throws IOException {
    this.port = FreePort.take();
    this.epmd = String.valueOf(FreePort.take());
    // Started by ourselves: the server would leave one behind that belongs to nobody.
    home.start(
        new ProcessBuilder(NAMES.toString(), "-port", epmd, "-address", "127.0.0.1"), "epmd.log");
    Files.writeString(home.path().resolve("plugins"), RabbitScratch.PLUGINS);
    Files.writeString(home.path().resolve("env.conf"), "");
    Files.writeString(
        home.path().resolve("rabbitmq.conf"),
        RabbitScratch.settings(port, FreePort.take(), "lab", PASSWORD)
            // Messages are counted as often: 5 s are many for a test.
            + "collect_statistics_interval = 250\n");
    ProcessBuilder builder = new ProcessBuilder(PROGRAM.toString());
    builder.environment().put("HOME", home.path().toString());
    builder
        .environment()
        .putAll(RabbitScratch.environment(node(), epmd, FreePort.take(), home.path()));
    this.server = home.start(builder, LOG);
    try {
      awaitReady();
      send("PUT", "api/users/nobody", "{\"password\":\"n-" + PASSWORD + "\",\"tags\":\"\"}");
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private String node() {
    return "lab" + epmd + "@localhost";
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

  /** One that all tests of this JVM share; it ends with it. */
  static synchronized RabbitLab shared() {
    if (shared.isEmpty()) {
      shared = Optional.of(start());
    }
    return shared.get();
  }

  /** RabbitMQ's own program for this server. */
  ProcessBuilder ctl(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(PROGRAM.resolveSibling("rabbitmqctl").toString(), "-n", node()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    // There is its cookie.
    builder.environment().put("HOME", home.path().toString());
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
    try {
      Await.until(
          "RabbitMQ to answer",
          () -> {
            assertThat(server.isAlive()).as(() -> "RabbitMQ ended: " + home.read(LOG)).isTrue();
            http().get("api/overview");
            return true;
          },
          () -> home.read(LOG));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    home.close();
  }
}
