package io.keepset.drivers.engine.scylla;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import io.keepset.drivers.lab.FreePort;
import io.keepset.drivers.lab.MavenFiles;
import io.keepset.policy.Options;
import io.keepset.spi.Secret;
import io.keepset.spi.Secrets;
import io.keepset.spi.Source;
import io.keepset.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Cassandra on free ports of 127.0.0.1, from the class path that Maven gives for its
 * artifact; it asks for passwords. {@link #close} ends it and leaves nothing.
 */
public final class CassandraLab implements AutoCloseable {
  static final String PASSWORD = "pw-" + UUID.randomUUID();

  static final Secrets SECRETS =
      reference -> new Secret(reference.equals("env:BACKUP") ? PASSWORD : "wrong " + PASSWORD);

  private static final List<String> EXPORTS =
      List.of(
          "java.base/jdk.internal.misc",
          "java.base/jdk.internal.ref",
          "java.base/sun.nio.ch",
          "java.management.rmi/com.sun.jmx.remote.internal.rmi",
          "java.rmi/sun.rmi.registry",
          "java.rmi/sun.rmi.server",
          "java.rmi/sun.rmi.transport",
          "java.rmi/sun.rmi.transport.tcp",
          "java.sql/java.sql",
          "jdk.unsupported/sun.misc");

  private static final List<String> OPENS =
      List.of(
          "java.base/java.lang",
          "java.base/java.lang.module",
          "java.base/java.lang.reflect",
          "java.base/java.io",
          "java.base/java.nio",
          "java.base/java.util",
          "java.base/java.util.concurrent",
          "java.base/java.util.concurrent.atomic",
          "java.base/sun.nio.ch",
          "java.base/jdk.internal.loader",
          "java.base/jdk.internal.ref",
          "java.base/jdk.internal.reflect",
          "java.base/jdk.internal.math",
          "java.base/jdk.internal.module",
          "java.base/jdk.internal.util.jar",
          "jdk.management/com.sun.management.internal",
          "jdk.compiler/com.sun.tools.javac");

  private final Path directory;
  private final int port;
  private final int jmxPort;
  private final Process server;
  private final Thread atExit = new Thread(this::kill, "stop-cassandra-lab");
  private final CqlSession session;

  private CassandraLab(String classPath) throws IOException, InterruptedException {
    directory = Files.createTempDirectory("keepset-cassandra");
    port = FreePort.take();
    jmxPort = FreePort.take();
    configure(FreePort.take());
    server = start(classPath);
    Runtime.getRuntime().addShutdownHook(atExit);
    try (CqlSession first = await("cassandra", "cassandra")) {
      first.execute(
          "CREATE ROLE lab WITH PASSWORD = '"
              + PASSWORD
              + "' AND LOGIN = true AND SUPERUSER = true");
    }
    session = await("lab", PASSWORD);
  }

  /** Skips the test if there is no way to get it; under CI that is a failure. */
  public static CassandraLab start() throws IOException, InterruptedException {
    return new CassandraLab(MavenFiles.classPath("cassandra"));
  }

  private void configure(int storagePort) throws IOException {
    Files.createDirectories(directory.resolve("conf"));
    Files.writeString(
        directory.resolve("conf/cassandra.yaml"),
        """
        cluster_name: lab
        num_tokens: 4
        partitioner: org.apache.cassandra.dht.Murmur3Partitioner
        data_file_directories: [%1$s/data]
        commitlog_directory: %1$s/commitlog
        saved_caches_directory: %1$s/caches
        hints_directory: %1$s/hints
        cdc_raw_directory: %1$s/cdc
        commitlog_sync: periodic
        commitlog_sync_period: 10000ms
        endpoint_snitch: SimpleSnitch
        listen_address: 127.0.0.1
        rpc_address: 127.0.0.1
        storage_port: %2$d
        native_transport_port: %3$d
        authenticator: PasswordAuthenticator
        authorizer: CassandraAuthorizer
        role_manager: CassandraRoleManager
        materialized_views_enabled: true
        user_defined_functions_enabled: true
        seed_provider:
          - class_name: org.apache.cassandra.locator.SimpleSeedProvider
            parameters: [{seeds: "127.0.0.1:%2$d"}]
        """
            .formatted(directory, storagePort, port));
    List<String> flags = new ArrayList<>(List.of("-Djdk.attach.allowAttachSelf=true"));
    EXPORTS.forEach(name -> flags.add("--add-exports " + name + "=ALL-UNNAMED"));
    OPENS.forEach(name -> flags.add("--add-opens " + name + "=ALL-UNNAMED"));
    Files.write(directory.resolve("flags"), flags);
  }

  private Process start(String classPath) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-Xms768m",
            "-Xmx768m",
            // It lives for a minute or two: what is compiled twice for speed never pays.
            "-XX:TieredStopAtLevel=1",
            "@" + directory.resolve("flags"),
            "-Dcassandra.config=file://" + directory.resolve("conf/cassandra.yaml"),
            "-Dcassandra.storagedir=" + directory.resolve("state"),
            "-Dcassandra.logdir=" + directory.resolve("logs"),
            "-Dcassandra-foreground=yes",
            "-Dcassandra.jmx.local.port=" + jmxPort,
            "-Dcassandra.skip_wait_for_gossip_to_settle=0",
            "-Dcassandra.ring_delay_ms=1000",
            "-Dcassandra.superuser_setup_delay_ms=0",
            "-cp",
            directory.resolve("conf") + ":" + classPath,
            "org.apache.cassandra.service.CassandraDaemon")
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start();
  }

  /** Its first user comes a while after it listens. */
  private CqlSession await(String user, String password) throws InterruptedException {
    try {
      return Await.present(
          "Cassandra to let " + user + " in",
          () -> Optional.of(connect(user, password)),
          this::log);
    } catch (AssertionError e) {
      kill();
      throw e;
    }
  }

  private CqlSession connect(String user, String password) throws IOException {
    if (!server.isAlive()) {
      throw new AssertionError("Cassandra ended: " + log());
    }
    // A session takes long to say that nobody listens.
    new Socket(InetAddress.getLoopbackAddress(), port).close();
    return CqlSession.builder()
        .addContactPoint(new InetSocketAddress("127.0.0.1", port))
        .withLocalDatacenter("datacenter1")
        .withAuthCredentials(user, password)
        .withConfigLoader(
            DriverConfigLoader.programmaticBuilder()
                .withString(DefaultDriverOption.METRICS_FACTORY_CLASS, "NoopMetricsFactory")
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofMinutes(2))
                .withDuration(
                    DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(30))
                .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                .build())
        .build();
  }

  private String log() throws IOException {
    List<String> log = Files.readAllLines(directory.resolve("log"));
    return String.join("\n", log.subList(Math.max(0, log.size() - 20), log.size()));
  }

  CqlSession session() {
    return session;
  }

  Path data() {
    return directory.resolve("data");
  }

  Path directory() {
    return directory;
  }

  Source source(String keyspace, String... more) {
    Map<String, String> connection = new TreeMap<>();
    connection.put("host", "127.0.0.1");
    connection.put("port", String.valueOf(port));
    connection.put("jmx_port", String.valueOf(jmxPort));
    connection.put("keyspace", keyspace);
    connection.put("user", "lab");
    connection.put("password", "env:BACKUP");
    connection.put("timeout", "120");
    connection.put("data[0]", data().toString());
    for (int i = 0; i < more.length; i += 2) {
      connection.put(more[i], more[i + 1]);
    }
    return new Source("a block", Options.of(connection), Options.NONE, SECRETS);
  }

  private void kill() {
    server.destroyForcibly();
    try {
      server.waitFor(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      // Under the temporary directory.
    }
  }

  @Override
  public void close() {
    session.close();
    Runtime.getRuntime().removeShutdownHook(atExit);
    kill();
  }
}
