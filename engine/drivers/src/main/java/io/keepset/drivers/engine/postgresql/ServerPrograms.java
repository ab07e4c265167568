package io.keepset.drivers.engine.postgresql;

import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The server programs on this machine; packages put them beside the client programs. */
final class ServerPrograms {
  private ServerPrograms() {}

  /** Those of all installed versions, newest first. */
  static List<Tools> installed(Options options) throws DriverException {
    return Tools.installed(options).stream().filter(ServerPrograms::complete).toList();
  }

  private static boolean complete(Tools tools) {
    return Stream.of("initdb", "postgres", "psql", "pg_restore")
        .allMatch(program -> Files.isExecutable(tools.program(program)));
  }

  static String missing() {
    return "there is no PostgreSQL server (initdb, postgres) beside the client programs of this"
        + " machine; install one: apt-get install postgresql, or name the directory of its programs"
        + " in option tools_dir";
  }

  /**
   * The oldest that a backup may be restored into.
   *
   * @param major of the server that was backed up
   * @param same whether a newer one will not do: data files belong to one major version
   * @throws DriverException REJECTED with both versions
   */
  static Tools of(int major, boolean same, Options options) throws DriverException {
    List<Tools> all = installed(options);
    if (all.isEmpty()) {
      throw new DriverException(Kind.REJECTED, missing());
    }
    Optional<Tools> fits =
        all.stream()
            .filter(tools -> same ? tools.major() == major : tools.major() >= major)
            .min(Comparator.comparingInt(Tools::major));
    return fits.orElseThrow(
        () ->
            new DriverException(
                Kind.REJECTED,
                "the backup is of PostgreSQL "
                    + major
                    + ", and the servers on this machine are "
                    + String.join(", ", all.stream().map(Tools::version).toList())
                    + ": "
                    + (same
                        ? "a base backup starts on its own major version only"
                        : "those are older")
                    + "; apt-get install postgresql-"
                    + major
                    + " (from apt.postgresql.org if Debian does not have it)"));
  }
}
