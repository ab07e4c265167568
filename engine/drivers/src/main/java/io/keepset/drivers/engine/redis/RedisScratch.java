package io.keepset.drivers.engine.redis;

import io.keepset.drivers.scratch.Programs;
import io.keepset.drivers.scratch.Redump;
import io.keepset.drivers.scratch.ScratchDirectory;
import io.keepset.drivers.scratch.ScratchInstance;
import io.keepset.drivers.scratch.ScratchServer;
import io.keepset.drivers.tool.ServerUser;
import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Redis or Valkey of this machine, in memory only, on loopback with a password of its own. */
final class RedisScratch implements Scratch {
  /** As a replica it writes the file that it gets; once more is to spare. */
  private static final int SPACE = 2;

  private static final String MISSING =
      "there is no redis-server or valkey-server on this machine; install one: apt-get install"
          + " redis-server";

  @Override
  public String describe() {
    return "`redis-server` or `valkey-server`: keys and functions";
  }

  @Override
  public Optional<String> missing(Options options) {
    return program().isPresent() ? Optional.empty() : Optional.of(MISSING);
  }

  private static Optional<Path> program() {
    return Programs.find("redis-server", "valkey-server");
  }

  @Override
  public Instance start(Wanted wanted) throws DriverException {
    Path program = program().orElseThrow(() -> new DriverException(Kind.REJECTED, MISSING));
    return ScratchInstance.build(
        wanted, SPACE, ServerUser.of("redis"), parts -> start(program, wanted, parts));
  }

  private static Instance start(Path program, Wanted wanted, ScratchInstance.Parts parts)
      throws DriverException, IOException {
    int port = ScratchServer.freePort();
    String password = ScratchServer.password();
    Path settings =
        parts.directory().write("redis.conf", settings(program, port, password, parts.directory()));
    ScratchServer server =
        parts.add(
            ScratchServer.start(
                parts.directory(),
                "KILL",
                List.of(program.toString(), settings.toString()),
                Map.of()));
    Source target =
        ScratchInstance.source(
            Map.of("host", "127.0.0.1", "port", String.valueOf(port)), Options.NONE, password);
    Address address = Address.toDump(target);
    String[] name = new String[1];
    server.await(() -> name[0] = keepExpired(address));
    return parts.instance(
        name[0],
        target,
        ScratchInstance.into(address.where()),
        restored ->
            Redump.compare(
                wanted.facts(),
                Redump.of(new RedisEngine(), target),
                List.of(Redump.Counted.of("keys"), Redump.Counted.of("functions"))));
  }

  /** Keys whose time is over by now were in the backup all the same, and are to be counted. */
  private static String keepExpired(Address address) throws DriverException {
    try (Connection connection = Connection.open(address)) {
      connection.ask("DEBUG", "SET-ACTIVE-EXPIRE", "0");
      return Server.ask(connection).release().name();
    }
  }

  private static String settings(
      Path program, int port, String password, ScratchDirectory directory) throws DriverException {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "port " + port,
                "bind 127.0.0.1",
                "dir " + directory.server(),
                "save \"\"",
                "appendonly no",
                "databases 16384",
                "repl-diskless-sync-delay 0",
                "requirepass " + password));
    // Before 7.0 it needs no permission, and an unknown setting would keep the server from
    // starting.
    if (!version(program).contains(" v=6.")) {
      lines.add("enable-debug-command local");
    }
    return String.join("\n", lines) + "\n";
  }

  private static String version(Path program) throws DriverException {
    return ToolProcess.run(ToolCommand.of(program, "--version"), 4096).text();
  }
}
