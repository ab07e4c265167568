package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.tool.Feeding;
import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

/**
 * Runs SQL text through the server's client, which stops at the first error.
 *
 * @param silence how long the client may take nothing in and not end
 */
record Loader(Tools tools, Login login, Duration silence) {
  /**
   * Runs it in a database. The client reads no commands but {@code DELIMITER} and no files, keeps
   * comments (they are part of routines), and takes bytes as they are.
   */
  void load(String database, Feeding.Work sql) throws DriverException {
    List<String> arguments =
        List.of(
            login.optionFile(tools),
            "--batch",
            "--binary-mode",
            "--comments",
            "--local-infile=0",
            "--max-allowed-packet=1G",
            "--default-character-set=utf8mb4",
            "--database=" + database);
    ToolCommand command =
        new ToolCommand(tools.client(), arguments, new TreeMap<>(), login.scrubber(), silence);
    try (ToolProcess client = ToolProcess.start(command)) {
      Feeding feeding = Feeding.start(client.stdin(), sql);
      client.stdout().transferTo(OutputStream.nullOutputStream());
      ToolExit exit = client.finish();
      if (!exit.ok()) {
        if (feeding.ended()) {
          feeding.await(); // A backup that is no whole one explains more than what the client says.
        }
        throw Failures.explain(tools.client(), exit, login);
      }
      feeding.await();
    } catch (IOException e) {
      throw new DriverException(
          Kind.TRANSIENT,
          tools.client().getFileName() + " could not be read: " + e.getMessage(),
          e);
    }
  }

  void load(String database, byte[] sql) throws DriverException {
    if (sql.length > 0) {
      load(database, tool -> tool.write(sql));
    }
  }
}
