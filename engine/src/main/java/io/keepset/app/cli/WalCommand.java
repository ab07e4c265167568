package io.keepset.app.cli;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "wal",
    description = "Archive and fetch write-ahead log; called by a PostgreSQL server.")
final class WalCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets spec
  private WalCommand() {}

  static CommandLine tree(Shell shell) {
    return new CommandLine(new WalCommand())
        .addSubcommand(new Push(shell))
        .addSubcommand(new Fetch(shell));
  }

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "a command is missing: push or fetch");
  }

  /**
   * What a failed command ends with.
   *
   * @param usual what others end with
   */
  static int code(CommandLine called, Throwable problem, int usual) {
    boolean gone = problem instanceof DriverException e && e.kind() == Kind.NOT_FOUND;
    return called.getCommand() instanceof Fetch && !gone ? ExitCode.UNKNOWN.code() : usual;
  }

  @Command(
      name = "push",
      description = "Archive one file of the log; ends with 0 once it is durable.",
      footer = {"", "Example: archive_command = 'keepset wal push orders %%p %%f'"})
  static final class Push implements Callable<Integer> {
    private final Shell shell;

    @Parameters(index = "0", paramLabel = "DB", description = "The database.")
    private String database = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "The file: %%p.")
    private Path file = Path.of("");

    @Parameters(
        index = "2",
        arity = "0..1",
        paramLabel = "NAME",
        description = "Its name in the log: %%f; the file's own if left out.")
    private @Nullable String name;

    Push(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      String called = name == null ? String.valueOf(file.getFileName()) : name;
      try (InputStream in = Files.newInputStream(file)) {
        shell.keepset().wal().push(database, called, in);
      } catch (IOException e) {
        throw new DriverException(Kind.NOT_FOUND, "can't read " + file + ": " + e, e);
      }
      return ExitCode.DONE.code();
    }
  }

  @Command(
      name = "fetch",
      description =
          "Bring one file of the log back; ends with 1, and leaves nothing, if it is not there, and"
              + " with 126 if that can't be told: then PostgreSQL stops, and tries again when it is"
              + " started.",
      footer = {"", "Example: restore_command = 'keepset wal fetch orders %%f %%p'"})
  static final class Fetch implements Callable<Integer> {
    private final Shell shell;

    @Parameters(index = "0", paramLabel = "DB", description = "The database.")
    private String database = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "Its name in the log: %%f.")
    private String name = "";

    @Parameters(index = "2", paramLabel = "FILE", description = "Where to put it: %%p.")
    private Path file = Path.of("");

    @Option(
        names = "--system",
        paramLabel = "ID",
        description = "Identifier of the cluster; that of the newest log if left out.")
    private @Nullable String system;

    Fetch(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      Path absolute = file.toAbsolutePath();
      Path half = absolute.resolveSibling(absolute.getFileName() + ".keepset");
      try {
        try (OutputStream out = Files.newOutputStream(half)) {
          shell.keepset().wal().fetch(database, Optional.ofNullable(system), name, out);
        }
        // Whoever asks takes what is there for whole.
        Files.move(
            half, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new DriverException(Kind.TRANSIENT, "can't write " + file + ": " + e, e);
      } finally {
        remove(half);
      }
      return ExitCode.DONE.code();
    }

    private static void remove(Path half) {
      try {
        Files.deleteIfExists(half);
      } catch (IOException e) {
        // It is in nobody's way.
      }
    }
  }
}
