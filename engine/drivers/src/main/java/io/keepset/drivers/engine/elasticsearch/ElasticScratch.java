package io.keepset.drivers.engine.elasticsearch;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** An Elasticsearch of one node, on loopback with a login of its own. */
final class ElasticScratch implements Scratch {
  /** The unpacked repository, the indices, and a snapshot of them; once more is to spare. */
  private static final int SPACE = 4;

  private static final String PROGRAM = "elasticsearch";
  private static final String LAUNCHER = "lib/cli-launcher";
  private static final String USER = "keepset";
  private static final String NAME = "proof";
  private static final String INDICES = "*_" + NAME;
  private static final String JAVA_OPTIONS = "-Xms512m -Xmx1g";

  /** The original's nodes may be told apart by this; the one here is none of them. */
  private static final String PLACES = "index.routing.allocation.*";

  private static final String MISSING =
      "there is no elasticsearch on this machine, neither in options.tools_dir nor on the PATH nor in"
          + " /usr/share/elasticsearch; install one of the version of your cluster (backups of"
          + " OpenSearch can't be proven: see docs/ENGINES.md)";

  private static final String OPENSEARCH =
      "the backup is of OpenSearch, whose login and certificates come from its installation, and"
          + " without them everybody on this machine could read what is restored; a backup is"
          + " verified by the checksum of every segment file. Restore into a test cluster of your own";

  private static final String LOGGING =
      """
      rootLogger.level = warn
      rootLogger.appenderRef.console.ref = console
      appender.console.type = Console
      appender.console.name = console
      appender.console.layout.type = PatternLayout
      appender.console.layout.pattern = %p %c{1.}: %m%n
      """;

  private final Engine engine;

  ElasticScratch(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String describe() {
    return "`elasticsearch`, the same version or a newer one up to the next major: indices, shards"
        + " and documents. Not of OpenSearch";
  }

  @Override
  public Optional<String> missing(Options options) {
    return program(options).isPresent() ? Optional.empty() : Optional.of(MISSING);
  }

  private static Optional<Path> program(Options options) {
    List<Path> places = new ArrayList<>();
    options.get("tools_dir").map(Path::of).ifPresent(places::add);
    places.add(Path.of("/usr/share/elasticsearch/bin"));
    return Programs.find(places, PROGRAM);
  }

  @Override
  public Instance start(Wanted wanted) throws DriverException {
    if (Version.OPENSEARCH.equals(wanted.facts().values().get("product"))) {
      throw Failures.rejected(OPENSEARCH);
    }
    Path program = program(wanted.options()).orElseThrow(() -> Failures.rejected(MISSING));
    return ScratchInstance.build(
        wanted, SPACE, ServerUser.of(PROGRAM), parts -> start(program, wanted, parts));
  }

  private Instance start(Path program, Wanted wanted, ScratchInstance.Parts parts)
      throws DriverException, IOException {
    ScratchDirectory directory = parts.directory();
    // It may be linked to from the PATH.
    Path home = program.toRealPath().resolve("../..").normalize();
    if (!Files.isDirectory(home.resolve(LAUNCHER))) {
      throw Failures.rejected(
          "the Elasticsearch in " + home + " is older than 8, or not whole; install a newer one");
    }
    LoneNode node = new LoneNode(PROGRAM, home, directory.server());
    int port = ScratchServer.freePort();
    String password = ScratchServer.password();
    Path config = configure(node, port, password, directory);
    ScratchServer server =
        parts.add(
            ScratchServer.start(
                directory,
                "KILL",
                new ScratchServer.Program(PROGRAM, command(node, config), home),
                node.environment(config, JAVA_OPTIONS)));
    Source target = target(node, port, password);
    String[] name = new String[1];
    server.await(() -> name[0] = version(target));
    return parts.instance(
        name[0],
        target,
        ScratchInstance.into(NAME),
        restored -> compare(wanted.facts(), Redump.of(engine, target), Cluster.toDump(target)));
  }

  /**
   * What the program itself runs, in its home. As Debian's package has it, it takes the directory
   * of the settings from /etc/default/elasticsearch and from nowhere else.
   */
  private static List<String> command(LoneNode node, Path config) {
    Path home = node.home();
    return List.of(
        node.java().resolve("bin/java").toString(),
        "-Xmx64m",
        "-XX:+UseSerialGC",
        "-Dcli.name=server",
        "-Dcli.script=" + node.program(),
        "-Dcli.libs=lib/tools/server-cli",
        "-Des.path.home=" + home,
        "-Des.path.conf=" + config,
        "-Des.distribution.type=tar",
        "-Des.java.type=bundled JDK",
        "-cp",
        home.resolve("lib") + "/*:" + home.resolve(LAUNCHER) + "/*",
        "org.elasticsearch.launcher.CliToolLauncher");
  }

  private static Path configure(
      LoneNode node, int port, String password, ScratchDirectory directory)
      throws DriverException, IOException {
    Path config = Files.createDirectory(directory.server().resolve("config"));
    node.prepare();
    directory.write(
        "config/elasticsearch.yml",
        String.join("\n", node.settings(port, ScratchServer.freePort()))
            + "\n"
            + FileRealm.SETTINGS);
    directory.write("config/jvm.options", "-Djava.io.tmpdir=${ES_TMPDIR}\n");
    directory.write("config/log4j2.properties", LOGGING);
    directory.write("config/users", USER + ":" + FileRealm.hash(password) + "\n");
    directory.write("config/users_roles", "superuser:" + USER + "\n");
    directory.user().give(directory.server());
    return config;
  }

  private static Source target(LoneNode node, int port, String password) {
    Map<String, String> options = new TreeMap<>();
    options.put("repository.path", node.repository().toString());
    options.put("indices[0]", INDICES);
    options.put("global_state", "false");
    options.put(ElasticRestore.IGNORED + "[0]", PLACES);
    return ScratchInstance.source(
        Map.of("host", "127.0.0.1", "port", String.valueOf(port), "user", USER),
        Options.of(options),
        password);
  }

  /** Once it has a master, which a restore needs. */
  private static String version(Source target) throws DriverException {
    Cluster cluster = Cluster.toRestore(target);
    String status =
        Cluster.map(cluster.ask("GET", "_cluster/health", null)).text("status").orElse("red");
    if (status.equals("red")) {
      throw new DriverException(Kind.TRANSIENT, "the cluster is not ready");
    }
    return cluster.version().name();
  }

  /** The original's own indices are not restored under other names: of those nothing is counted. */
  private static Comparison compare(ArtifactFacts dumped, ArtifactFacts restored, Cluster cluster)
      throws DriverException {
    Set<String> wanted = RepositoryCheck.indexNames(dumped);
    Set<String> missing = new TreeSet<>(wanted);
    for (String name : RepositoryCheck.indexNames(restored)) {
      missing.remove(name.substring(0, name.length() - NAME.length() - 1));
    }
    List<String> differences = new ArrayList<>();
    if (!missing.isEmpty()) {
      differences.add(
          missing.size()
              + " of "
              + wanted.size()
              + " indices did not come back: "
              + String.join(", ", missing));
    }
    List<String> found = new ArrayList<>();
    found.add(wanted.size() - missing.size() + " indices");
    found.add(documents(cluster) + " documents");
    if (missing.isEmpty() && String.valueOf(wanted.size()).equals(dumped.values().get("indices"))) {
      Comparison shards = Redump.compare(dumped, restored, List.of(Redump.Counted.of("shards")));
      found.addAll(shards.found());
      differences.addAll(shards.differences());
    }
    return new Comparison(found, differences);
  }

  /** A question to every shard. */
  private static String documents(Cluster cluster) throws DriverException {
    return Cluster.map(cluster.ask("GET", INDICES + "/_count", null)).text("count").orElse("0");
  }
}
