package io.keepset.app.cli;

import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "notify", description = "Look after who hears of problems.")
final class NotifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets spec
  private NotifyCommand() {}

  static CommandLine tree(Shell shell) {
    return new CommandLine(new NotifyCommand()).addSubcommand(new Test(shell));
  }

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing: test");
  }

  @Command(
      name = "test",
      description =
          "Send a test message to the receivers of the policies in force and say who took it.",
      footer = {"", "Example: keepset notify test ops"})
  static final class Test implements Callable<Integer> {
    private final Shell shell;

    @Parameters(
        arity = "0..1",
        paramLabel = "NAME",
        description = "The receiver; all of them if left out.")
    private @Nullable String name;

    Test(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      MapNode answer = shell.keepset().testNotifications(Optional.ofNullable(name));
      if (shell.globals().json()) {
        shell.console().json(answer);
      }
      int receivers = 0;
      boolean good = true;
      for (Node item : ((ListNode) answer.get("receivers").orElseThrow()).items()) {
        MapNode one = (MapNode) item;
        Optional<String> error = one.text("error");
        receivers++;
        good &= error.isEmpty();
        if (!shell.globals().json()) {
          shell
              .console()
              .out()
              .println(
                  one.text("receiver").orElseThrow()
                      + error.map(why -> " did not take it: " + why).orElse(" took it"));
        }
      }
      if (receivers == 0) {
        shell.console().note("no receivers are known: declare them under keepset.notify and apply");
      }
      return (good && receivers > 0 ? ExitCode.DONE : ExitCode.FAILED).code();
    }
  }
}
