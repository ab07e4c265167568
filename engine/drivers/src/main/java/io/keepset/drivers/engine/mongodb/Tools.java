package io.keepset.drivers.engine.mongodb;

import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code mongodump}, in its directory.
 *
 * @param version as the program says it: {@code 100.12.2}
 */
record Tools(Path directory, String version) {
  private static final Pattern VERSION = Pattern.compile("version:\\s*r?(\\S+)");

  Path program(String name) {
    return directory.resolve(name);
  }

  /**
   * Those to work with; empty if it shall be the driver.
   *
   * @throws DriverException REJECTED if they must be there and are not
   */
  static Optional<Tools> find(Options options) throws DriverException {
    String method = options.get("method", "auto");
    if (method.equals("driver")) {
      return Optional.empty();
    }
    Optional<String> fixed = options.get("tools_dir");
    if (fixed.isPresent()) {
      Optional<Tools> there = in(Path.of(fixed.get()));
      if (there.isEmpty()) {
        throw new DriverException(
            Kind.REJECTED,
            "there is no mongodump that runs in "
                + fixed.get()
                + " (option tools_dir); name the directory that holds it, or leave tools_dir"
                + " out to work without them");
      }
      return there;
    }
    for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Optional<Tools> there = entry.isEmpty() ? Optional.empty() : in(Path.of(entry));
      if (there.isPresent()) {
        return there;
      }
    }
    if (method.equals("mongodump")) {
      throw new DriverException(
          Kind.REJECTED,
          "mongodump is not on this machine; install MongoDB's database tools,"
              + " name their directory in option tools_dir, or set option method to driver");
    }
    return Optional.empty();
  }

  private static Optional<Tools> in(Path directory) throws DriverException {
    Path dump = directory.resolve("mongodump");
    if (!Files.isExecutable(dump)) {
      return Optional.empty();
    }
    ToolProcess.Output said = ToolProcess.run(ToolCommand.of(dump, "--version"), 4096);
    Matcher version = VERSION.matcher(said.text());
    return said.exit().ok() && version.find()
        ? Optional.of(new Tools(directory, version.group(1)))
        : Optional.empty();
  }
}
