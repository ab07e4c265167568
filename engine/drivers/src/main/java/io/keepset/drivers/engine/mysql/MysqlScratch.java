package io.keepset.drivers.engine.mysql;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A MariaDB or MySQL of this machine, of the backup's own kind, on loopback. */
final class MysqlScratch implements Scratch {
  /** Indexes, and the logs of the transactions that fill them. */
  private static final int SPACE = 4;

  private static final Duration TO_INSTALL = Duration.ofMinutes(10);
  private static final String USER = "keepset_scratch";
  private static final String DATABASE = "restored";

  private static final List<Redump.Counted> COUNTED =
      List.of(
          Redump.Counted.of("tables"),
          Redump.Counted.of("views"),
          Redump.Counted.of("triggers"),
          Redump.Counted.of("routines"),
          Redump.Counted.of("events"),
          Redump.Counted.of("sequences"));

  @Override
  public String describe() {
    return "`mariadbd` or `mysqld`, of the same kind and the same or a newer series: tables, views,"
        + " triggers, routines, events, sequences";
  }

  @Override
  public Optional<String> missing(Options options) {
    return Programs.find(tools(options), "mariadbd", "mysqld").isPresent()
        ? Optional.empty()
        : Optional.of(
            "there is no mariadbd or mysqld on this machine; install the server of your kind:"
                + " apt-get install mariadb-server or mysql-server");
  }

  private static List<Path> tools(Options options) {
    return options.get("tools_dir").map(Path::of).map(List::of).orElse(List.of());
  }

  @Override
  public Instance start(Wanted wanted) throws DriverException {
    Flavour flavour = Flavour.of(wanted.facts().values().getOrDefault("server_version", ""));
    Path program = server(flavour, wanted.options());
    return ScratchInstance.build(
        wanted, SPACE, ServerUser.of("mysql"), parts -> start(flavour, program, wanted, parts));
  }

  /** Debian links the names of MySQL to MariaDB: what it is, only the program itself says. */
  private static Path server(Flavour flavour, Options options) throws DriverException {
    String[] names =
        flavour == Flavour.MARIADB ? new String[] {"mariadbd", "mysqld"} : new String[] {"mysqld"};
    Optional<Path> program = Programs.find(tools(options), names);
    if (program.isPresent() && Flavour.of(version(program.get())) == flavour) {
      return program.get();
    }
    throw new DriverException(
        Kind.REJECTED,
        "the backup is of "
            + flavour.title()
            + ", and there is no server of "
            + flavour.title()
            + " on this machine"
            + program.map(other -> " (" + other + " is another one)").orElse("")
            + "; install it: apt-get install "
            + (flavour == Flavour.MARIADB ? "mariadb-server" : "mysql-server"));
  }

  private static String version(Path program) throws DriverException {
    return ToolProcess.run(ToolCommand.of(program, "--version"), 4096).text();
  }

  private static Instance start(
      Flavour flavour, Path program, Wanted wanted, ScratchInstance.Parts parts)
      throws DriverException, IOException {
    ScratchDirectory directory = parts.directory();
    String password = ScratchServer.password();
    install(flavour, program, wanted.options(), directory);
    Path accounts = directory.write("accounts.sql", accounts(flavour, password));
    int port = ScratchServer.freePort();
    ScratchServer server =
        parts.add(
            ScratchServer.start(
                directory, "KILL", command(program, port, accounts, directory), Map.of()));
    Options options =
        wanted
            .options()
            .get("tools_dir")
            .map(tools -> Options.of(Map.of("tools_dir", tools)))
            .orElse(Options.NONE);
    Source target =
        ScratchInstance.source(
            Map.of(
                "host",
                "127.0.0.1",
                "port",
                String.valueOf(port),
                "user",
                USER,
                "database",
                DATABASE),
            options,
            password);
    String[] name = new String[1];
    server.await(() -> name[0] = name(target));
    return parts.instance(
        name[0],
        target,
        ScratchInstance.into(DATABASE),
        restored -> Redump.compare(wanted.facts(), Redump.of(new MysqlEngine(), target), COUNTED));
  }

  private static String name(Source target) throws DriverException {
    try (Login login = Login.toRestore(target);
        Session session = Session.open(Tools.any(target.options()), login)) {
      return ServerVersion.ask(session).name();
    }
  }

  private static void install(
      Flavour flavour, Path program, Options options, ScratchDirectory directory)
      throws DriverException {
    List<String> command = new ArrayList<>();
    if (flavour == Flavour.MARIADB) {
      Path install =
          Programs.find(tools(options), "mariadb-install-db", "mysql_install_db")
              .orElseThrow(
                  () ->
                      new DriverException(
                          Kind.REJECTED,
                          "there is no mariadb-install-db beside "
                              + program
                              + "; apt-get install mariadb-server"));
      command.addAll(List.of(install.toString(), "--no-defaults", "--skip-test-db"));
    } else {
      command.addAll(List.of(program.toString(), "--no-defaults", "--initialize-insecure"));
    }
    command.add("--datadir=" + directory.server().resolve("data"));
    directory.run(command, "", TO_INSTALL);
  }

  /** One statement a line; who else could log in loses that. */
  private static String accounts(Flavour flavour, String password) {
    List<String> lines = new ArrayList<>();
    if (flavour == Flavour.MARIADB) {
      lines.add("DELETE FROM mysql.global_priv WHERE User = '';");
      lines.add("FLUSH PRIVILEGES;");
    } else {
      lines.add("ALTER USER 'root'@'localhost' IDENTIFIED BY '" + password + "';");
    }
    lines.add("CREATE USER '" + USER + "'@'%' IDENTIFIED BY '" + password + "';");
    lines.add("GRANT ALL ON *.* TO '" + USER + "'@'%' WITH GRANT OPTION;");
    return String.join("\n", lines) + "\n";
  }

  private static List<String> command(
      Path program, int port, Path accounts, ScratchDirectory directory) {
    return List.of(
        program.toString(),
        "--no-defaults",
        "--datadir=" + directory.server().resolve("data"),
        "--port=" + port,
        "--bind-address=127.0.0.1",
        // Below its data directory: a path of a socket must be short.
        "--socket=s",
        "--pid-file=pid",
        "--init-file=" + accounts,
        "--skip-name-resolve",
        "--skip-log-bin",
        "--loose-mysqlx=OFF",
        "--character-set-server=utf8mb4",
        "--max-allowed-packet=1G",
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-doublewrite=OFF",
        // What was scheduled there is not to happen here.
        "--event-scheduler=OFF");
  }
}
