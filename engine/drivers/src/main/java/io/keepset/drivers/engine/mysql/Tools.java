package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The client programs of one server, of one version.
 *
 * @param client that runs SQL: {@code mariadb}, {@code mysql}
 * @param dump that writes SQL: {@code mariadb-dump}, {@code mysqldump}
 */
record Tools(Flavour flavour, int series, String version, Path client, Path dump) {
  /** MariaDB: "from 11.4.2-MariaDB" or "Distrib 10.11.6-MariaDB"; MySQL: "Ver 8.0.36 for". */
  private static final Pattern VERSION =
      Pattern.compile("(?:from|Distrib) ((\\d+)\\.(\\d+)\\.\\d+)|Ver ((\\d+)\\.(\\d+)\\.\\d+)");

  /** All that are on this machine, newest first; those of {@code tools_dir} only if that is set. */
  static List<Tools> installed(Options options) throws DriverException {
    Optional<String> fixed = options.get("tools_dir");
    List<Tools> found = new ArrayList<>();
    if (fixed.isPresent()) {
      addFrom(Path.of(fixed.get()), found);
      if (found.isEmpty()) {
        throw new DriverException(
            Kind.REJECTED,
            "there is no mariadb-dump or mysqldump that runs in "
                + fixed.get()
                + " (option tools_dir); name the directory that holds it and its client, or leave"
                + " tools_dir out");
      }
    } else {
      for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
        if (!entry.isEmpty()) {
          addFrom(Path.of(entry), found);
        }
      }
    }
    found.sort(Comparator.comparingInt(Tools::series).reversed());
    return found;
  }

  /** Any there are: good for questions to a server of either kind. */
  static Tools any(Options options) throws DriverException {
    List<Tools> all = installed(options);
    if (all.isEmpty()) {
      throw new DriverException(
          Kind.REJECTED,
          "the client programs of MySQL or MariaDB (mysqldump, mariadb-dump) are not on this"
              + " machine; install those of the server: apt-get install mariadb-client or"
              + " mysql-client, or name their directory in option tools_dir");
    }
    return all.get(0);
  }

  /**
   * Those of the server's own kind, the newest: dumps written by the other's differ in details that
   * show only when they are needed.
   */
  static Tools of(ServerVersion server, Options options) throws DriverException {
    Tools any = any(options);
    for (Tools tools : installed(options)) {
      if (tools.flavour() == server.flavour()) {
        return tools;
      }
    }
    throw new DriverException(
        Kind.REJECTED,
        "the server is "
            + server.name()
            + ", but the client programs here are of "
            + any.name()
            + " ("
            + any.dump()
            + "); install "
            + server.flavour().title()
            + "'s own: apt-get install "
            + server.flavour().packageName()
            + (server.mariadb() ? "" : " (from repo.mysql.com)")
            + ", or name their directory in option tools_dir");
  }

  /** {@code MariaDB 10.11.19}. */
  String name() {
    return flavour.title() + " " + version;
  }

  private static void addFrom(Path directory, List<Tools> found) throws DriverException {
    for (Flavour flavour : Flavour.values()) {
      Path dump = directory.resolve(flavour.dumpTool());
      Path client = directory.resolve(flavour == Flavour.MARIADB ? "mariadb" : "mysql");
      if (Files.isExecutable(dump) && Files.isExecutable(client)) {
        ask(client, dump).ifPresent(found::add);
      }
    }
  }

  private static Optional<Tools> ask(Path client, Path dump) throws DriverException {
    ToolProcess.Output said = ToolProcess.run(ToolCommand.of(dump, "--version"), 4096);
    Matcher version = VERSION.matcher(said.text());
    if (!said.exit().ok() || !version.find()) {
      return Optional.empty();
    }
    int group = version.group(1) != null ? 1 : 4;
    int series =
        Integer.parseInt(version.group(group + 1)) * 100
            + Integer.parseInt(version.group(group + 2));
    return Optional.of(
        new Tools(Flavour.of(said.text()), series, version.group(group), client, dump));
  }
}
