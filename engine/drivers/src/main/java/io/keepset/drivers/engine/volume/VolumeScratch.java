package io.keepset.drivers.engine.volume;

import io.keepset.drivers.scratch.Redump;
import io.keepset.drivers.scratch.ScratchInstance;
import io.keepset.drivers.tool.ServerUser;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.Engine;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A temporary directory. */
final class VolumeScratch implements Scratch {
  /** Small files fill whole blocks. */
  private static final int SPACE = 2;

  private static final String NAME = "restored";

  private final Engine engine;

  VolumeScratch(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String describe() {
    return "a temporary directory: files, links and directories";
  }

  @Override
  public Optional<String> missing(Options options) {
    try {
      Tar.find();
      return Optional.empty();
    } catch (DriverException e) {
      return Optional.of(e.getMessage());
    }
  }

  @Override
  public Instance start(Wanted wanted) throws DriverException {
    ServerUser ourselves = new ServerUser(Optional.empty(), "");
    return ScratchInstance.build(
        wanted,
        SPACE,
        ourselves,
        parts -> {
          Path server = parts.directory().server();
          return parts.instance(
              "directory",
              source(server.resolve("original")),
              ScratchInstance.into(NAME),
              restored ->
                  Redump.compare(
                      wanted.facts(),
                      Redump.of(engine, source(server.resolve(NAME))),
                      List.of(Redump.Counted.of("entries"))));
        });
  }

  private static Source source(Path path) {
    return ScratchInstance.source(Map.of("path", path.toString()), Options.NONE, "");
  }
}
