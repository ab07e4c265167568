package io.keepset.app.cli;

import io.keepset.app.Version;
import io.keepset.app.state.StateException;
import io.keepset.spi.DriverException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;

/**
 * Runs one command line. The one place where an exception becomes words and an exit code: the
 * caller's mistake, trouble of a platform, or a bug of ours.
 */
public final class CommandRunner {
  private final Shell shell;

  public CommandRunner(Shell shell) {
    this.shell = shell;
  }

  public int run(String... args) {
    try {
      return execute(args);
    } catch (Throwable e) { // an Error passes by picocli's handler
      return explain(e);
    }
  }

  private int execute(String... args) {
    CommandLine line = Commands.tree(shell);
    Console console = shell.console();
    CommandSettings.apply(line);
    line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((e, unused) -> usage(e));
    line.setExecutionExceptionHandler(
        (e, called, parsed) -> WalCommand.code(called, e, explain(e)));
    line.setExecutionStrategy(
        parsed -> {
          console.allowColour(!shell.globals().noColor());
          return new CommandLine.RunLast().execute(parsed);
        });
    return line.execute(args);
  }

  private int usage(CommandLine.ParameterException e) {
    Console console = shell.console();
    console.error(words(e));
    List<String> near =
        e instanceof CommandLine.UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    if (!near.isEmpty()) {
      console.note("  did you mean: " + String.join(", ", near));
    }
    console.note("  see: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return WalCommand.code(e.getCommandLine(), e, ExitCode.USAGE.code());
  }

  /** The parser counts arguments, people know commands. */
  private static String words(CommandLine.ParameterException e) {
    if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)
        || unmatched.isUnknownOption()) {
      return String.valueOf(e.getMessage());
    }
    String surplus = unmatched.getUnmatched().get(0);
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    return e.getCommandLine().getSubcommands().isEmpty()
        ? command
            + " takes no further argument, found "
            + String.join(" ", unmatched.getUnmatched())
        : surplus + " is no command of " + command;
  }

  int explain(Throwable problem) {
    Console console = shell.console();
    if (problem instanceof CommandLine.ParameterException usage) {
      return usage(usage);
    }
    if (problem instanceof CommandException stop) {
      if (stop.diagnostics().isEmpty()) {
        console.error(stop.getMessage());
      } else {
        console.diagnostics(
            stop.diagnostics(), file -> Optional.of(stop.text()).filter(text -> !text.isEmpty()));
      }
      return stop.code().code();
    }
    if (problem instanceof DriverException trouble) {
      console.error(trouble.getMessage());
      return ExitCode.FAILED.code();
    }
    if (problem instanceof StateException trouble) {
      console.error(String.valueOf(trouble.getMessage()));
      return ExitCode.FAILED.code();
    }
    if (problem instanceof UncheckedIOException wrapped) {
      IOException cause = wrapped.getCause();
      return explainFile(cause == null ? new IOException(wrapped) : cause);
    }
    if (problem instanceof IOException file) {
      return explainFile(file);
    }
    return bug(problem);
  }

  private int explainFile(IOException problem) {
    String message = String.valueOf(problem.getMessage());
    if (message.contains("Broken pipe")) {
      return ExitCode.FAILED.code(); // the reader went away; it knows
    }
    if (problem instanceof NoSuchFileException) {
      message = message + ": no such file or directory";
    } else if (problem instanceof AccessDeniedException) {
      message = message + ": permission denied";
    }
    shell.console().error(message);
    return ExitCode.FAILED.code();
  }

  private int bug(Throwable problem) {
    String summary = problem.getClass().getSimpleName();
    if (problem.getMessage() != null) {
      summary += ": " + problem.getMessage().lines().findFirst().orElse("");
    }
    shell.console().error("keepset has a bug: " + summary);
    shell.console().note("  details for the report: " + writeReport(problem));
    return ExitCode.FAILED.code();
  }

  private String writeReport(Throwable problem) {
    StringWriter trace = new StringWriter();
    problem.printStackTrace(new PrintWriter(trace));
    String text =
        String.format(
            Locale.ROOT,
            "keepset %s, Java %s, %s%n%s",
            Version.current(),
            System.getProperty("java.version"),
            System.getProperty("os.name"),
            trace);
    String name =
        "bug-"
            + DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(shell.clock().instant())
            + ".log";
    try {
      Path directory = shell.globals().data().resolve("logs");
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return Files.writeString(directory.resolve(name), text).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "could not be written (" + e.getMessage() + ")\n" + text;
    }
  }
}
