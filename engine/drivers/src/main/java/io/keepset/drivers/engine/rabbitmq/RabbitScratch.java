package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.scratch.Programs;
import io.keepset.drivers.scratch.Redump;
import io.keepset.drivers.scratch.ScratchDirectory;
import io.keepset.drivers.scratch.ScratchInstance;
import io.keepset.drivers.scratch.ScratchServer;
import io.keepset.drivers.tool.ServerUser;
import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Engine;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A broker with the management plugin, a node name and an epmd of its own, on loopback. The restore
 * compares every definition itself; here the facts of the dump are held beside it.
 */
final class RabbitScratch implements Scratch {
  /** A broker takes what it takes, whatever its definitions. */
  private static final int SPACE = 20;

  /** All that Keepset needs of a broker. */
  static final String PLUGINS = "[rabbitmq_management].\n";

  private static final String VHOST = "restored";

  /** Not parameters: what reaches other brokers need not come to a new one. */
  private static final List<Redump.Counted> COUNTED =
      List.of(
          Redump.Counted.of("queues"),
          Redump.Counted.of("exchanges"),
          Redump.Counted.of("bindings"),
          Redump.Counted.of("policies"));

  private static final String MISSING =
      "there is no rabbitmq-server with its epmd on this machine; install one: apt-get install"
          + " rabbitmq-server";

  private final Engine engine;

  RabbitScratch(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String describe() {
    return "`rabbitmq-server`, the same or a newer version: every definition but shovels and"
        + " federation upstreams";
  }

  @Override
  public Optional<String> missing(Options options) {
    return program().isPresent() && epmd().isPresent() ? Optional.empty() : Optional.of(MISSING);
  }

  /** Not the wrapper on PATH: that goes to the directories of the package. */
  private static Optional<Path> program() {
    return Programs.find(List.of(Path.of("/usr/lib/rabbitmq/bin")), "rabbitmq-server");
  }

  private static Optional<Path> epmd() {
    return Programs.find("epmd");
  }

  @Override
  public Instance start(Wanted wanted) throws DriverException {
    DriverException missing = new DriverException(Kind.REJECTED, MISSING);
    Path program = program().orElseThrow(() -> missing);
    Path epmd = epmd().orElseThrow(() -> missing);
    return ScratchInstance.build(
        wanted, SPACE, ServerUser.of("rabbitmq"), parts -> start(program, epmd, wanted, parts));
  }

  private Instance start(Path program, Path epmd, Wanted wanted, ScratchInstance.Parts parts)
      throws DriverException, IOException {
    ScratchDirectory directory = parts.directory();
    String names = String.valueOf(ScratchServer.freePort());
    parts.add(
        ScratchServer.start(
            directory,
            "KILL",
            List.of(epmd.toString(), "-port", names, "-address", "127.0.0.1"),
            Map.of()));
    int port = ScratchServer.freePort();
    String password = ScratchServer.password();
    // No user of a backup has this name: an import would change his password under us.
    String user = "keepset-" + ScratchServer.password();
    directory.write("plugins", PLUGINS);
    directory.write("env.conf", "");
    directory.write("rabbitmq.conf", settings(port, ScratchServer.freePort(), user, password));
    ScratchServer server =
        parts.add(
            ScratchServer.start(
                directory,
                "KILL",
                List.of(program.toString()),
                environment(
                    "keepset" + names + "@localhost",
                    names,
                    ScratchServer.freePort(),
                    directory.server())));
    Map<String, String> connection = new HashMap<>();
    connection.put("host", "127.0.0.1");
    connection.put("port", String.valueOf(port));
    connection.put("user", user);
    boolean ofVhost = DefinitionsFile.VHOST.equals(wanted.facts().values().get("scope"));
    if (ofVhost) {
      connection.put("vhost", VHOST);
    }
    Source target = ScratchInstance.source(connection, Options.NONE, password);
    String[] name = new String[1];
    server.await(() -> name[0] = version(target));
    return parts.instance(
        "RabbitMQ " + name[0],
        target,
        ScratchInstance.into(ofVhost ? VHOST : "127.0.0.1:" + port),
        restored -> compare(wanted.facts(), Redump.of(engine, target)));
  }

  private static String version(Source target) throws DriverException {
    return Broker.toRestore(target).version();
  }

  /** Of users, vhosts and their rights this broker has one more: our own. */
  private static Comparison compare(ArtifactFacts dumped, ArtifactFacts restored) {
    Comparison counted = Redump.compare(dumped, restored, COUNTED);
    List<String> differences = new ArrayList<>(counted.differences());
    for (Section section : List.of(Section.USERS, Section.VHOSTS, Section.PERMISSIONS)) {
      String then = dumped.values().getOrDefault(section.key(), "0");
      String now = restored.values().getOrDefault(section.key(), "0");
      if (Long.parseLong(now) < Long.parseLong(then)) {
        differences.add(now + " " + section.key() + " came back, " + then + " were dumped");
      }
    }
    return new Comparison(counted.found(), differences);
  }

  /**
   * A broker on loopback, with a user who may do all.
   *
   * @param port of its management
   * @param amqp port for its clients
   */
  static String settings(int port, int amqp, String user, String password) {
    return String.join(
        "\n",
        "listeners.tcp.1 = 127.0.0.1:" + amqp,
        "management.tcp.ip = 127.0.0.1",
        "management.tcp.port = " + port,
        "default_user = " + user,
        "default_pass = " + password,
        "default_user_tags.administrator = true",
        "");
  }

  /**
   * A broker whose files all lie in one directory: {@code rabbitmq.conf}, {@code env.conf} and
   * {@code plugins} are there.
   *
   * @param node its name
   * @param epmd port of a name server of its own
   * @param nodes port for other nodes
   */
  static Map<String, String> environment(String node, String epmd, int nodes, Path home) {
    Map<String, String> environment = new HashMap<>();
    environment.put("RABBITMQ_NODENAME", node);
    environment.put("RABBITMQ_MNESIA_BASE", home.resolve("mnesia").toString());
    environment.put("RABBITMQ_LOG_BASE", home.resolve("logs").toString());
    environment.put("RABBITMQ_CONFIG_FILE", home.resolve("rabbitmq.conf").toString());
    environment.put("RABBITMQ_CONF_ENV_FILE", home.resolve("env.conf").toString());
    environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", home.resolve("plugins").toString());
    environment.put("RABBITMQ_PID_FILE", home.resolve("pid").toString());
    environment.put("RABBITMQ_DIST_PORT", String.valueOf(nodes));
    environment.put("ERL_EPMD_PORT", epmd);
    environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    environment.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
        "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1");
    return environment;
  }
}
