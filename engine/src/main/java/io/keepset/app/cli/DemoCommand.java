package io.keepset.app.cli;

import io.keepset.app.demo.Demo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = "Show everything once on this machine: policies, plan, backups, restore, server.",
    footer = {"", "Needs no root and no account, and leaves nothing behind."})
final class DemoCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(names = "--once", description = "End after the restore instead of serving on.")
  private boolean once;

  DemoCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    Path home = Files.createTempDirectory("keepset-demo");
    // The throw-away database may run as another user and must reach its own directory in here.
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
    try (Demo demo = new Demo(home, shell.console().out(), this::run)) {
      Thread cleaner = new Thread(demo::close, "keepset-demo-end");
      Runtime.getRuntime().addShutdownHook(cleaner);
      boolean good = demo.play(!once);
      return (good ? ExitCode.DONE : ExitCode.FAILED).code();
    }
  }

  private int run(Map<String, String> secrets, String... arguments) {
    Map<String, String> environment = new HashMap<>(secrets);
    try (Shell inner =
        new Shell(shell.console(), new GlobalOptions(environment), shell.clock(), environment)) {
      return new CommandRunner(inner).run(arguments);
    }
  }
}
