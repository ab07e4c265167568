package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The client programs of one PostgreSQL version, in one directory.
 *
 * @param version as the program says it: {@code 15.18}
 */
record Tools(Path directory, int major, String version) {
  static final int OLDEST_SERVER = 12;
  static final int NEWEST_SERVER = 18;

  /** Where distributions put several versions beside each other: Debian, then Red Hat. */
  private static final List<String> VERSIONED =
      List.of("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin");

  private static final Pattern VERSION =
      Pattern.compile("(\\d+)(?:\\.\\d+)*(?:devel|beta\\d+|rc\\d+)?");

  /** A program as it was when it was asked for its version; a new one is asked again. */
  private record Program(Path path, FileTime changed) {}

  private static final Map<Program, Tools> KNOWN = new ConcurrentHashMap<>();

  Path program(String name) {
    return directory.resolve(name);
  }

  /** All that are installed, newest first; those of {@code tools_dir} only if that is set. */
  static List<Tools> installed(Options options) throws DriverException {
    Optional<String> fixed = options.get("tools_dir");
    List<Tools> found = new ArrayList<>();
    if (fixed.isPresent()) {
      inDirectory(Path.of(fixed.get())).ifPresent(found::add);
      if (found.isEmpty()) {
        throw new DriverException(
            Kind.REJECTED,
            "there is no pg_dump that runs in "
                + fixed.get()
                + " (option tools_dir); name the directory that holds pg_dump, pg_restore and"
                + " psql, or leave tools_dir out");
      }
      return found;
    }
    for (Path directory : usualPlaces()) {
      inDirectory(directory).ifPresent(found::add);
    }
    found.sort(Comparator.comparingInt(Tools::major).reversed());
    return found;
  }

  /** The newest there are: good for questions to a server of any version. */
  static Tools newest(Options options) throws DriverException {
    List<Tools> all = installed(options);
    if (all.isEmpty()) {
      throw new DriverException(
          Kind.REJECTED,
          "PostgreSQL's client programs (pg_dump, pg_restore, psql) are not on this machine; "
              + install(NEWEST_SERVER, "postgresql-client"));
    }
    return all.get(0);
  }

  /**
   * The programs for a server: its own major version if installed, else the next newer one, as
   * {@code pg_dump} reads older servers but never newer ones.
   *
   * @param least oldest major that can do the work, the server's own or newer
   * @param why for the message: {@code "the server is 16.4"}
   */
  static Tools atLeast(int least, String why, Options options) throws DriverException {
    List<Tools> all = installed(options);
    Optional<Tools> best =
        all.stream()
            .filter(tools -> tools.major() >= least)
            .min(Comparator.comparingInt(Tools::major));
    if (best.isPresent()) {
      return best.get();
    }
    newest(options);
    throw new DriverException(
        Kind.REJECTED,
        why
            + ", but the newest pg_dump and pg_restore here are "
            + all.get(0).version()
            + " ("
            + all.get(0).directory()
            + "); "
            + install(least, "postgresql-client-" + least));
  }

  static String install(int major, String packageName) {
    return "install them: apt-get install "
        + packageName
        + " (PostgreSQL's own repository apt.postgresql.org has every version up to "
        + Math.max(major, NEWEST_SERVER)
        + "), or name their directory in option tools_dir";
  }

  private static Optional<Tools> inDirectory(Path directory) throws DriverException {
    Path dump = directory.resolve("pg_dump");
    if (!Files.isExecutable(dump)) {
      return Optional.empty();
    }
    try {
      Program program = new Program(dump, Files.getLastModifiedTime(dump));
      Tools known = KNOWN.get(program);
      if (known == null) {
        Optional<Tools> asked = ask(directory, dump);
        asked.ifPresent(tools -> KNOWN.put(program, tools));
        return asked;
      }
      return Optional.of(known);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Tools> ask(Path directory, Path dump) throws DriverException {
    ToolProcess.Output said = ToolProcess.run(ToolCommand.of(dump, "--version"), 4096);
    Matcher version = VERSION.matcher(said.text());
    if (!said.exit().ok() || !version.find()) {
      return Optional.empty();
    }
    return Optional.of(new Tools(directory, Integer.parseInt(version.group(1)), version.group()));
  }

  private static List<Path> usualPlaces() {
    List<Path> places = new ArrayList<>();
    for (String pattern : VERSIONED) {
      Path parent = Path.of(pattern.substring(0, pattern.lastIndexOf('/', pattern.indexOf('*'))));
      if (Files.isDirectory(parent)) {
        String middle = pattern.substring(parent.toString().length() + 1, pattern.lastIndexOf('/'));
        try (Stream<Path> versions = Files.list(parent)) {
          versions
              .filter(
                  path ->
                      path.getFileSystem()
                          .getPathMatcher("glob:" + middle)
                          .matches(path.getFileName()))
              .map(path -> path.resolve("bin"))
              .forEach(places::add);
        } catch (IOException e) {
          // Not readable for us: as good as not there.
        }
      }
    }
    for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      // Debian's /usr/bin/pg_dump chooses one of the above by rules of its own.
      if (!entry.isEmpty() && (places.isEmpty() || !wrapsThem(Path.of(entry)))) {
        places.add(Path.of(entry));
      }
    }
    return places;
  }

  private static boolean wrapsThem(Path directory) {
    try {
      return directory.resolve("pg_dump").toRealPath().endsWith("pg_wrapper");
    } catch (IOException e) {
      return false;
    }
  }
}
