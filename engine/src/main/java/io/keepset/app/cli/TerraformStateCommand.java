package io.keepset.app.cli;

import io.keepset.access.Caller;
import io.keepset.access.Role;
import io.keepset.app.AuditTrail;
import io.keepset.app.terraform.state.StateCodec;
import io.keepset.app.terraform.state.StateOperations.Held;
import io.keepset.app.terraform.state.StateOperations.Kept;
import io.keepset.app.terraform.state.StateOperations.Made;
import io.keepset.plan.Figures;
import io.keepset.source.MapBuilder;
import io.keepset.spi.DriverException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "state",
    description = "States that Terraform keeps here: locks, former versions, rollback.")
@SuppressWarnings("NullAway.Init") // picocli sets spec
final class TerraformStateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  static CommandLine tree(Shell shell) {
    return new CommandLine(new TerraformStateCommand())
        .addSubcommand(new ListStates(shell))
        .addSubcommand(new History(shell))
        .addSubcommand(new Pull(shell))
        .addSubcommand(new Rollback(shell))
        .addSubcommand(new Unlock(shell));
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: list, history, pull, rollback or unlock");
  }

  private static Caller user() {
    return new Caller(AuditTrail.user(), Role.ADMIN);
  }

  private static String second(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String serial(Made version) {
    return version.serial().isPresent() ? Long.toString(version.serial().getAsLong()) : "";
  }

  private static String size(Made version) {
    return version.action().equals("delete") ? "deleted" : Figures.size(version.size());
  }

  @Command(
      name = "list",
      description = "List the states, and who holds the lock on each.",
      footer = {
        "",
        "A lock is STALE when it is older than keepset.terraform.state.stale_lock in the policies (4h"
            + " if left out). It is never broken by itself."
      })
  static final class ListStates implements Callable<Integer> {
    private final Shell shell;

    ListStates(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      List<Kept> states = shell.keepset().terraformStates().list();
      if (shell.globals().json()) {
        shell.console().json(StateCodec.encode(states));
      } else if (states.isEmpty()) {
        shell.console().note("no states");
      } else {
        TextTable table =
            new TextTable("STATE", "VERSION", "SERIAL", "SIZE", "WRITTEN", "BY", "LOCK");
        for (Kept state : states) {
          Optional<Made> newest = state.newest();
          table.add(
              state.name(),
              newest.map(made -> Long.toString(made.version())).orElse(""),
              newest.map(TerraformStateCommand::serial).orElse(""),
              newest.map(TerraformStateCommand::size).orElse("not written yet"),
              newest.map(made -> second(made.at())).orElse(""),
              newest.map(Made::by).orElse(""),
              state.lock().map(this::words).orElse("free"));
        }
        table.lines().forEach(shell.console().out()::println);
      }
      return ExitCode.DONE.code();
    }

    private String words(Held lock) {
      Duration age = Duration.between(lock.since(), shell.clock().instant());
      return (lock.stale() ? "STALE: " : "")
          + lock.id()
          + " of "
          + lock.who().orElse(lock.by())
          + lock.operation().map(what -> ", " + what).orElse("")
          + ", for "
          + Figures.age(age.isNegative() ? Duration.ZERO : age);
    }
  }

  @Command(
      name = "history",
      description = "List the versions of a state that are kept, the newest first.")
  static final class History implements Callable<Integer> {
    private final Shell shell;

    @Parameters(arity = "1", paramLabel = "STATE", description = "Name of the state.")
    private String name = "";

    History(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      List<Made> versions = shell.keepset().terraformStates().history(name);
      if (shell.globals().json()) {
        shell.console().json(StateCodec.versions(name, versions));
      } else if (versions.isEmpty()) {
        shell.console().note("state " + name + " was not written yet");
      } else {
        TextTable table =
            new TextTable("VERSION", "WRITTEN", "BY", "SERIAL", "SIZE", "TERRAFORM", "NOTE");
        for (int i = 0; i < versions.size(); i++) {
          Made made = versions.get(i);
          table.add(
              Long.toString(made.version()),
              second(made.at()),
              made.by(),
              serial(made),
              size(made),
              made.program().orElse(""),
              note(made, i + 1 < versions.size() ? versions.get(i + 1) : null));
        }
        table.lines().forEach(shell.console().out()::println);
      }
      return ExitCode.DONE.code();
    }

    /** What is out of the ordinary beside the version before. */
    private static String note(Made made, @Nullable Made before) {
      if (made.from().isPresent()) {
        return "rollback to version " + made.from().getAsLong();
      }
      if (before == null || made.lineage().isEmpty() || before.lineage().isEmpty()) {
        return "";
      }
      if (!made.lineage().equals(before.lineage())) {
        return "another lineage";
      }
      boolean back =
          made.serial().isPresent()
              && before.serial().isPresent()
              && made.serial().getAsLong() < before.serial().getAsLong();
      return back ? "the serial went back" : "";
    }
  }

  @Command(
      name = "pull",
      description = "Print a version of a state, byte by byte as Terraform wrote it.",
      footer = {"", "States hold secrets. Example: keepset terraform state pull prod --version 7"})
  static final class Pull implements Callable<Integer> {
    private final Shell shell;

    @Parameters(arity = "1", paramLabel = "STATE", description = "Name of the state.")
    private String name = "";

    @Option(names = "--version", paramLabel = "N", description = "Default: the newest.")
    private @Nullable Long version;

    Pull(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      OptionalLong number = version == null ? OptionalLong.empty() : OptionalLong.of(version);
      byte[] content = shell.keepset().terraformStates().content(name, number);
      shell.console().out().write(content, 0, content.length);
      shell.console().out().flush();
      return ExitCode.DONE.code();
    }
  }

  @Command(
      name = "rollback",
      description = "Make a former version of a state the newest again.",
      footer = {
        "",
        "The versions since stay, so a rollback can be rolled back. It changes what Terraform"
            + " believes, nothing else: look at the next plan. Refused while the state is locked.",
        "",
        "Example: keepset terraform state rollback prod --to 7"
      })
  static final class Rollback implements Callable<Integer> {
    private final Shell shell;

    @Parameters(arity = "1", paramLabel = "STATE", description = "Name of the state.")
    private String name = "";

    @Option(
        names = "--to",
        paramLabel = "N",
        required = true,
        description = "The version, as keepset terraform state history lists it.")
    private long version;

    Rollback(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      Made made = shell.keepset().terraformStates().rollback(name, version, user());
      if (shell.globals().json()) {
        shell
            .console()
            .json(
                new MapBuilder()
                    .put("state", name)
                    .put("version", StateCodec.encode(made))
                    .build());
      } else if (made.from().equals(OptionalLong.of(version))) {
        shell
            .console()
            .out()
            .println(name + ": version " + made.version() + " is what version " + version + " was");
      } else {
        shell.console().note(name + " is what version " + version + " was already");
      }
      return ExitCode.DONE.code();
    }
  }

  @Command(
      name = "unlock",
      description = "Break a lock whose holder is dead.",
      footer = {
        "",
        "Make sure that it is: a run that is still at work may then lose its write to one that"
            + " comes after it. Written to the audit.",
        "",
        "Example: keepset terraform state unlock prod --id 9ae4d9be-94f0-64ec-f3c3-7e3bb71eb959"
      })
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Unlock implements Callable<Integer> {
    private final Shell shell;

    @Parameters(arity = "1", paramLabel = "STATE", description = "Name of the state.")
    private String name;

    @Option(
        names = "--id",
        paramLabel = "ID",
        required = true,
        description = "The lock, as keepset terraform state list and Terraform itself name it.")
    private String id;

    Unlock(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      shell.keepset().terraformStates().unlock(name, id, user());
      if (shell.globals().json()) {
        shell.console().json(new MapBuilder().put("state", name).put("unlocked", id).build());
      } else {
        shell.console().note("state " + name + " is free");
      }
      return ExitCode.DONE.code();
    }
  }
}
