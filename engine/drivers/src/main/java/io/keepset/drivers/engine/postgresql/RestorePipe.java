package io.keepset.drivers.engine.postgresql;

import static java.util.Objects.requireNonNullElse;

import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Feeds an archive to {@code pg_restore} and waits; an interrupt ends the tools. */
final class RestorePipe {
  /** One index may take hours, in which nothing is read; only a day of silence is a hang. */
  private static final Duration PATIENCE = Duration.ofHours(24);

  /** Since 17, pg_restore sets this first; servers before 17 don't know it. */
  private static final String NEW_SETTING = "SET transaction_timeout = 0;";

  private static final int FIRST_WITH_NEW_SETTING = 17;

  private final Login login;

  RestorePipe(Login login) {
    this.login = login;
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
    arguments.addAll(List.of("-w", "-d", to.database()));
    try (ToolProcess restore = start(to, "pg_restore", arguments)) {
      FutureTask<Void> feeding = feed(artifact, restore.stdin());
      ToolExit exit = restore.finish();
      rethrow(feeding);
      return exit;
    }
  }

  /** As SQL through psql, without the one line that an older server can't take. */
  private ToolExit byScript(InputStream artifact, Destination to, List<String> arguments)
      throws DriverException {
    arguments.addAll(List.of("-f", "-"));
    List<String> psql =
        List.of("-X", "-w", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f", "-");
    try (ToolProcess restore = start(to, "pg_restore", arguments);
        ToolProcess server = start(to, "psql", psql)) {
      FutureTask<Void> feeding = feed(artifact, restore.stdin());
      FutureTask<Void> passing =
          task("restore-script", () -> pass(restore.stdout(), server.stdin()));
      ToolExit applied = server.finish();
      ToolExit read = applied.ok() ? restore.finish() : applied;
      if (applied.ok()) {
        rethrow(passing);
        rethrow(feeding);
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
            to.tools().program(program), arguments, environment, login.scrubber(), PATIENCE));
  }

  private static FutureTask<Void> feed(InputStream artifact, OutputStream tool) {
    return task("restore-feed", () -> copy(artifact, tool));
  }

  private interface Work {
    void run() throws IOException;
  }

  private static FutureTask<Void> task(String name, Work work) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /** To the end of the artifact even if the tool stops listening: its last bytes are a check. */
  private static void copy(InputStream artifact, OutputStream tool) throws IOException {
    byte[] buffer = new byte[128 * 1024];
    boolean listening = true;
    try {
      for (int n = artifact.read(buffer); n >= 0; n = artifact.read(buffer)) {
        listening = listening && tryWrite(tool, buffer, n);
      }
    } finally {
      closeQuietly(tool);
    }
  }

  private static void pass(InputStream script, OutputStream psql) throws IOException {
    try {
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
    } finally {
      closeQuietly(psql);
    }
  }

  private static boolean tryWrite(OutputStream tool, byte[] bytes, int length) {
    try {
      tool.write(bytes, 0, length);
      return true;
    } catch (IOException e) {
      return false; // The tool has ended; its exit code says whether that is well.
    }
  }

  private static void rethrow(FutureTask<Void> feeding) throws DriverException {
    try {
      feeding.get();
    } catch (ExecutionException e) {
      Throwable cause = requireNonNullElse(e.getCause(), e);
      throw new DriverException(
          Kind.DAMAGED, "the backup could not be read: " + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, "the restore was cancelled", e);
    }
  }

  private static void closeQuietly(OutputStream out) {
    try {
      out.close();
    } catch (IOException e) {
      // As above: the exit code tells.
    }
  }
}
