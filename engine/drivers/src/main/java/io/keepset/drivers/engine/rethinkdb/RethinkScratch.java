package io.keepset.drivers.engine.rethinkdb;

import io.keepset.drivers.scratch.Programs;
import io.keepset.drivers.scratch.Redump;
import io.keepset.drivers.scratch.ScratchInstance;
import io.keepset.drivers.scratch.ScratchServer;
import io.keepset.drivers.tool.ServerUser;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Engine;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A RethinkDB of this machine, alone, on loopback, with a password of its own. */
final class RethinkScratch implements Scratch {
  /** Indexes, and the log of the writes. */
  private static final int SPACE = 4;

  private static final String DATABASE = "restored";

  private static final List<Redump.Counted> COUNTED =
      List.of(
          Redump.Counted.of("tables"),
          Redump.Counted.of("indexes"),
          Redump.Counted.of("documents"));

  private static final String MISSING =
      "there is no rethinkdb on this machine; install it (rethinkdb.com/docs/install), or name its"
          + " directory in option tools_dir";

  private final Engine engine;
  private final Server.Opener opener;

  RethinkScratch(Engine engine, Server.Opener opener) {
    this.engine = engine;
    this.opener = opener;
  }

  @Override
  public String describe() {
    return "`rethinkdb`: tables, indexes and documents";
  }

  @Override
  public Optional<String> missing(Options options) {
    return program(options).isPresent() ? Optional.empty() : Optional.of(MISSING);
  }

  private static Optional<Path> program(Options options) {
    List<Path> tools = options.get("tools_dir").map(Path::of).map(List::of).orElse(List.of());
    return Programs.find(tools, "rethinkdb");
  }

  @Override
  public Instance start(Wanted wanted) throws DriverException {
    Path program =
        program(wanted.options()).orElseThrow(() -> new DriverException(Kind.REJECTED, MISSING));
    return ScratchInstance.build(
        wanted, SPACE, ServerUser.of("rethinkdb"), parts -> start(program, wanted, parts));
  }

  private Instance start(Path program, Wanted wanted, ScratchInstance.Parts parts)
      throws DriverException, IOException {
    int port = ScratchServer.freePort();
    String password = ScratchServer.password();
    // Not among the arguments: everybody may read those.
    Path settings = parts.directory().write("rethinkdb.conf", settings(port, password, parts));
    ScratchServer server =
        parts.add(
            ScratchServer.start(
                parts.directory(),
                "KILL",
                List.of(program.toString(), "--config-file", settings.toString()),
                Map.of()));
    Source target =
        ScratchInstance.source(
            Map.of("host", "127.0.0.1", "port", String.valueOf(port), "database", DATABASE),
            Options.of(Map.of("temp_dir", parts.directory().path().toString())),
            password);
    String[] name = new String[1];
    server.await(() -> name[0] = version(target));
    return parts.instance(
        name[0],
        target,
        ScratchInstance.into(DATABASE),
        restored -> Redump.compare(wanted.facts(), Redump.of(engine, target), COUNTED));
  }

  /** {@code rethinkdb 2.4.4 (…)}. */
  private String version(Source target) throws DriverException {
    try (Server server = opener.open(Address.toRestore(target))) {
      return server.version().replaceFirst("^rethinkdb ", "RethinkDB ");
    } catch (Server.Unwell e) {
      throw e.reason();
    }
  }

  private static String settings(int port, String password, ScratchInstance.Parts parts)
      throws DriverException {
    return String.join(
        "\n",
        "directory=" + parts.directory().server().resolve("data"),
        "bind=127.0.0.1",
        "driver-port=" + port,
        "cluster-port=" + ScratchServer.freePort(),
        "no-http-admin",
        "no-update-check",
        "cache-size=256",
        "initial-password=" + password,
        "");
  }
}
