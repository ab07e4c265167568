package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.scratch.ScratchInstance;
import io.keepset.drivers.scratch.ScratchServer;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A cluster of ours: its data directory, its one login, and the server that runs on it. */
final class ScratchCluster {
  private static final String USER = "keepset_scratch";
  private static final String CONFIG = "postgresql.conf";
  private static final Duration TO_CREATE = Duration.ofMinutes(10);

  /** Recovery reads all the log of a base backup and says little meanwhile. */
  private static final Duration TO_RECOVER = Duration.ofHours(24);

  /**
   * Nothing of it has to survive; and nothing that the original was set to may keep it from
   * starting here, or reach out: these win over what lies in a restored data directory.
   */
  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "fsync=off",
          "full_page_writes=off",
          "synchronous_commit=off",
          "synchronous_standby_names=",
          "shared_buffers=64MB",
          "huge_pages=off",
          "dynamic_shared_memory_type=mmap",
          "max_wal_senders=0",
          "max_wal_size=256MB",
          "archive_mode=off",
          "max_locks_per_transaction=1024",
          "autovacuum=off",
          "shared_preload_libraries=",
          "session_preload_libraries=",
          "local_preload_libraries=",
          "ssl=off",
          "logging_collector=off",
          "log_destination=stderr",
          "default_transaction_read_only=off");

  private final Tools tools;
  private final Options options;
  private final ScratchInstance.Parts parts;
  private final int port;
  private boolean recovered;
  private final String password = ScratchServer.password();

  /**
   * @param options of the database that was backed up
   */
  ScratchCluster(Tools tools, Options options, ScratchInstance.Parts parts) throws DriverException {
    this.tools = tools;
    this.options =
        options
            .get("tools_dir")
            .map(dir -> Options.of(Map.of("tools_dir", dir)))
            .orElse(Options.NONE);
    this.parts = parts;
    this.port = ScratchServer.freePort();
  }

  Tools tools() {
    return tools;
  }

  /** {@code PostgreSQL 15.18}. */
  String name() {
    return "PostgreSQL " + tools.version();
  }

  Path data() {
    return parts.directory().server().resolve("data");
  }

  /** A new, empty one. */
  void create() throws DriverException, IOException {
    Path secret = parts.directory().write("password", password);
    parts
        .directory()
        .run(
            List.of(
                tools.program("initdb").toString(),
                "-D",
                data().toString(),
                "-U",
                USER,
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-N",
                "--auth=scram-sha-256",
                "--pwfile=" + secret),
            "",
            TO_CREATE);
  }

  /**
   * Takes over one that was unpacked into {@link #data}: recovers it, and makes our login there.
   *
   * @throws DriverException if it does not come to a consistent state
   */
  void recover() throws DriverException, IOException {
    parts.directory().user().give(data());
    Path hba = parts.directory().write("pg_hba.conf", "host all all 127.0.0.1/32 scram-sha-256\n");
    // Not the original's: it may name files, libraries and sizes that are not of this machine.
    parts.directory().write(CONFIG, "hba_file = '" + hba + "'\n");
    recovered = true;
    List<String> command =
        new ArrayList<>(List.of(tools.program("postgres").toString(), "--single"));
    command.addAll(arguments());
    command.addAll(List.of("-c", "exit_on_error=true", "template1"));
    parts
        .directory()
        .run(
            command,
            "CREATE ROLE " + USER + " LOGIN SUPERUSER PASSWORD '" + password + "'\n",
            TO_RECOVER);
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("-D", data().toString()));
    if (recovered) {
      Path config = parts.directory().server().resolve(CONFIG);
      arguments.addAll(List.of("-c", "config_file=" + config));
    }
    SETTINGS.forEach(setting -> arguments.addAll(List.of("-c", setting)));
    return arguments;
  }

  void start() throws DriverException {
    List<String> command = new ArrayList<>(List.of(tools.program("postgres").toString()));
    command.addAll(arguments());
    command.addAll(List.of("-p", String.valueOf(port)));
    // QUIT is its "immediate" shutdown, with all its processes.
    ScratchServer server =
        parts.add(ScratchServer.start(parts.directory(), "QUIT", command, Map.of()));
    server.await(
        () -> {
          try (Psql session = open("template1")) {
            session.ask("SELECT 1");
          }
        });
  }

  /** A session of the superuser. */
  Psql open(String database) throws DriverException {
    try (Login login = Login.toRestore(source(database), database)) {
      Psql session = Psql.open(tools, login);
      try {
        // It has read the login's files once it answers.
        session.ask("SELECT 1");
        return session;
      } catch (DriverException | RuntimeException e) {
        session.close();
        throw e;
      }
    }
  }

  /** One of its databases, as a thing to back up or to restore into. */
  Source source(String database) {
    return ScratchInstance.source(
        Map.of(
            "host", "127.0.0.1", "port", String.valueOf(port), "user", USER, "database", database),
        options.with("backup", "logical").with("globals", "false"),
        password);
  }
}
