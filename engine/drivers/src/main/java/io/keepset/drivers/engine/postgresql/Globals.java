package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Roles and tablespaces, which no dump of one database holds: {@code globals.sql}, written while
 * the dump runs. A login that can't read them costs a warning, never the backup.
 */
final class Globals implements AutoCloseable {
  static final String FILE = "globals.sql";
  private static final int LIMIT = 64 * 1024 * 1024;

  /** What came of it. */
  record Result(Optional<Attachment> attachment, List<String> warnings) {}

  private final FutureTask<Result> task;
  private final Thread thread;
  private Optional<ToolProcess> running = Optional.empty();
  private boolean cancelled;

  private Globals(Source source, Tools tools, boolean wanted) {
    this.task =
        new FutureTask<>(
            () -> wanted ? ask(source, tools) : new Result(Optional.empty(), List.of()));
    this.thread = new Thread(task, "pg_dumpall");
    this.thread.setDaemon(true);
  }

  static Globals start(Source source, Tools tools) {
    boolean wanted = source.options().flag("globals", true);
    Globals globals = new Globals(source, tools, wanted);
    globals.thread.start();
    return globals;
  }

  private Result ask(Source source, Tools tools) {
    try (Login login = Login.toDump(source)) {
      ToolProcess.Output all = run(tools, login, List.of());
      if (all.exit().ok()) {
        return new Result(Optional.of(new Attachment(FILE, all.stdout())), List.of());
      }
      ToolProcess.Output without = run(tools, login, List.of("--no-role-passwords"));
      if (without.exit().ok()) {
        return new Result(
            Optional.of(new Attachment(FILE, without.stdout())),
            List.of(
                FILE
                    + " holds the roles without their passwords: the login may not read them; as"
                    + " superuser: GRANT pg_read_all_data TO it, or accept this"));
      }
      return new Result(Optional.empty(), List.of(failure(without.exit(), login)));
    } catch (DriverException e) {
      return new Result(Optional.empty(), List.of("no " + FILE + ": " + e.getMessage()));
    }
  }

  private ToolProcess.Output run(Tools tools, Login login, List<String> more)
      throws DriverException {
    List<String> arguments = new ArrayList<>(List.of("-w", "-g", "-l", login.database()));
    arguments.addAll(more);
    ToolCommand command =
        new ToolCommand(
            tools.program("pg_dumpall"),
            arguments,
            login.environment(),
            login.scrubber(),
            ToolCommand.PATIENCE);
    try (ToolProcess tool = begin(command)) {
      return tool.drain(LIMIT);
    }
  }

  private synchronized ToolProcess begin(ToolCommand command) throws DriverException {
    if (cancelled) {
      throw new DriverException(DriverException.Kind.TRANSIENT, "cancelled");
    }
    ToolProcess tool = ToolProcess.start(command);
    running = Optional.of(tool);
    return tool;
  }

  private static String failure(ToolExit exit, Login login) {
    return "no " + FILE + ": " + Failures.explain("pg_dumpall", exit, login).getMessage();
  }

  Result result() {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Result(Optional.empty(), List.of("no " + FILE + ": cancelled"));
    } catch (ExecutionException e) {
      throw new IllegalStateException("writing " + FILE, e.getCause());
    }
  }

  @Override
  public synchronized void close() {
    cancelled = true;
    running.ifPresent(ToolProcess::close);
  }
}
