package io.keepset.drivers.engine.etcd;

import io.keepset.drivers.scratch.Programs;
import io.keepset.drivers.scratch.ScratchInstance;
import io.keepset.drivers.scratch.ScratchServer;
import io.keepset.drivers.tool.ServerUser;
import io.keepset.policy.Options;
import io.keepset.source.MapBuilder;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An etcd of one member, on loopback, that asks for a login. */
final class EtcdScratch implements Scratch {
  /** The log of the writes lies beside the data, and snapshots of it in between. */
  private static final int SPACE = 4;

  private static final String ROOT = "root";
  private static final String MISSING =
      "there is no etcd on this machine; install one: apt-get install etcd-server";

  @Override
  public String describe() {
    return "`etcd`: every key of the snapshot";
  }

  @Override
  public Optional<String> missing(Options options) {
    return Programs.find("etcd").isPresent() ? Optional.empty() : Optional.of(MISSING);
  }

  @Override
  public Instance start(Wanted wanted) throws DriverException {
    Path program =
        Programs.find("etcd").orElseThrow(() -> new DriverException(Kind.REJECTED, MISSING));
    return ScratchInstance.build(
        wanted, SPACE, ServerUser.of("etcd"), parts -> start(program, parts));
  }

  private static Instance start(Path program, ScratchInstance.Parts parts) throws DriverException {
    int port = ScratchServer.freePort();
    ScratchServer server =
        parts.add(
            ScratchServer.start(
                parts.directory(), "KILL", command(program, port, parts), Map.of()));
    Map<String, String> connection = Map.of("host", "127.0.0.1", "port", String.valueOf(port));
    Source open = ScratchInstance.source(connection, Options.NONE, "");
    String[] version = new String[1];
    server.await(() -> version[0] = Health.ask(Cluster.toRestore(open)).version());
    String password = ScratchServer.password();
    lock(Cluster.toRestore(open), password);
    Source target =
        ScratchInstance.source(
            Map.of("host", "127.0.0.1", "port", String.valueOf(port), "user", ROOT),
            Options.NONE,
            password);
    return parts.instance(
        "etcd " + version[0],
        target,
        ScratchInstance.into("127.0.0.1:" + port),
        // The restore has looked for every single key; the facts of a snapshot count none.
        restored ->
            new Comparison(
                List.of(Cluster.toRestore(target).count() + " keys, all of the snapshot"),
                List.of()));
  }

  private static List<String> command(Path program, int port, ScratchInstance.Parts parts)
      throws DriverException {
    String client = "http://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + ScratchServer.freePort();
    return List.of(
        program.toString(),
        "--name=scratch",
        "--data-dir=" + parts.directory().server().resolve("data"),
        "--listen-client-urls=" + client,
        "--advertise-client-urls=" + client,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=scratch=" + peer,
        // The original may have been allowed more than is usual.
        "--quota-backend-bytes=" + (8L << 30),
        "--max-request-bytes=" + (32 << 20));
  }

  private static void lock(Cluster cluster, String password) throws DriverException {
    cluster.call(
        "making a user",
        "v3/auth/user/add",
        new MapBuilder().put("name", ROOT).put("password", password));
    cluster.call(
        "granting a role",
        "v3/auth/user/grant",
        new MapBuilder().put("user", ROOT).put("role", ROOT));
    cluster.call("asking for logins", "v3/auth/enable", new MapBuilder());
  }
}
