package io.keepset.app;

import io.keepset.app.cli.CommandRunner;
import io.keepset.app.cli.Console;
import io.keepset.app.cli.GlobalOptions;
import io.keepset.app.cli.Shell;
import io.keepset.app.cli.Terminal;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.time.Clock;
import java.util.Map;

/** The executable {@code keepset}. The only owner of a clock. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Map<String, String> environment = System.getenv();
    Console console =
        new Console(
            new FileInputStream(FileDescriptor.in),
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            Terminal.detect(System.getProperty("keepset.terminal"), environment));
    int code;
    try (Shell shell =
        new Shell(console, new GlobalOptions(environment), Clock.systemUTC(), environment)) {
      code = new CommandRunner(shell).run(args);
    }
    console.out().flush();
    System.exit(code);
  }
}
