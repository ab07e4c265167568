package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.tool.Feeding;
import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.spi.DriverException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Feeds an archive to {@code pg_restore} and waits; an interrupt ends the tools. */
final class RestorePipe {
  /** Since 17, pg_restore sets this first; servers before 17 don't know it. */
  private static final String NEW_SETTING = "SET transaction_timeout = 0;";

  private static final int FIRST_WITH_NEW_SETTING = 17;

  private final Login login;
  private final Duration silence;

  /**
   * @param silence how long the tools may take nothing in and not end
   */
  RestorePipe(Login login, Duration silence) {
    this.login = login;
    this.silence = silence;
  }

  ToolExit run(InputStream artifact, Destination to) throws DriverException {
    List<String> arguments = new ArrayList<>(List.of("--exit-on-error"));
    if (!to.owners()) {
      arguments.addAll(List.of("--no-owner", "--no-acl"));
    }
    boolean script =
        to.tools().major() >= FIRST_WITH_NEW_SETTING
            && to.server().major() < FIRST_WITH_NEW_SETTING;
    return script ? byScript(artifact, to, arguments) : direct(artifact, to, arguments);
  }

  private ToolExit direct(InputStream artifact, Destination to, List<String> arguments)
      throws DriverException {
    arguments.addAll(List.of("-w", "-d", connectingTo(to.database())));
    try (ToolProcess restore = start(to, "pg_restore", arguments)) {
      Feeding feeding = Feeding.start(restore.stdin(), Feeding.all(artifact));
      ToolExit exit = restore.finish();
      feeding.await();
      return exit;
    }
  }

  /**
   * Tools take a name with an equals sign for settings of a connection: it could lead them, and the
   * password, to another server.
   */
  private static String connectingTo(String database) {
    return "dbname='" + database.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** As SQL through psql, without the one line that an older server can't take. */
  private ToolExit byScript(InputStream artifact, Destination to, List<String> arguments)
      throws DriverException {
    arguments.addAll(List.of("-f", "-"));
    List<String> client =
        List.of("-X", "-w", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f", "-");
    try (ToolProcess restore = start(to, "pg_restore", arguments);
        ToolProcess server = start(to, "psql", client)) {
      Feeding feeding = Feeding.start(restore.stdin(), Feeding.all(artifact));
      Feeding passing = Feeding.start(server.stdin(), psql -> pass(restore.stdout(), psql));
      ToolExit applied = server.finish();
      ToolExit read = applied.ok() ? restore.finish() : applied;
      if (applied.ok()) {
        passing.await();
        feeding.await();
      }
      return read;
    }
  }

  private ToolProcess start(Destination to, String program, List<String> arguments)
      throws DriverException {
    SortedMap<String, String> environment = new TreeMap<>(login.environment());
    environment.put("PGDATABASE", to.database());
    return ToolProcess.start(
        new ToolCommand(
            to.tools().program(program), arguments, environment, login.scrubber(), silence));
  }

  private static void pass(InputStream script, OutputStream psql) throws IOException {
    StringBuilder line = new StringBuilder();
    boolean found = false;
    while (!found) {
      int next = script.read();
      if (next < 0) {
        break;
      }
      line.append((char) next);
      if (next == '\n') {
        found = line.toString().strip().equals(NEW_SETTING);
        if (!found) {
          psql.write(line.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
        line.setLength(0);
      }
    }
    script.transferTo(psql);
  }
}
