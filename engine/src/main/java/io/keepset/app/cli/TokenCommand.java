package io.keepset.app.cli;

import io.keepset.access.Role;
import io.keepset.app.AuditTrail;
import io.keepset.app.security.TokenCodec;
import io.keepset.app.security.TokenOperations;
import io.keepset.app.security.TokenOperations.Known;
import io.keepset.app.security.TokenOperations.Made;
import io.keepset.policy.Durations;
import io.keepset.source.MapBuilder;
import io.keepset.spi.DriverException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "token", description = "Let people and machines call the server.")
@SuppressWarnings("NullAway.Init") // picocli sets spec
final class TokenCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  static CommandLine tree(Shell shell) {
    return new CommandLine(new TokenCommand())
        .addSubcommand(new Add(shell))
        .addSubcommand(new ListTokens(shell))
        .addSubcommand(new Remove(shell));
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "a command is missing: add, list or remove");
  }

  @Command(
      name = "add",
      description = "Make a token. Its secret is printed this once.",
      footer = {
        "",
        "reader   sees everything that has no secret in it",
        "planner  also has policies planned that are not in force",
        "operator also changes things, and reads and writes Terraform's states",
        "admin    also deletes backups, ends holds and manages tokens",
        "",
        "Example: keepset token add ci --role planner --expires 90d",
        "Example: keepset token add ana-terraform --role operator --person ana@example.org"
      })
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Add implements Callable<Integer> {
    private final Shell shell;
    @Spec private CommandSpec spec;

    @Parameters(arity = "1", paramLabel = "NAME", description = "As the audit will name it.")
    private String name;

    @Option(
        names = "--role",
        required = true,
        paramLabel = "ROLE",
        description = "reader, planner, operator or admin.")
    private String role;

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        description = "How long it is good: 12h, 90d (without it: until it is removed).")
    private @Nullable String expires;

    @Option(
        names = "--person",
        paramLabel = "EMAIL",
        description = {
          "Whose it is, as commits name people: what Terraform writes with it is by that author, so"
              + " that somebody else can be asked to agree (keepset.approvals.other_author)."
        })
    private @Nullable String person;

    Add(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      Role wanted =
          Role.of(role)
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "--role must be reader, planner, operator or admin, was " + role));
      Made made =
          shell
              .keepset()
              .tokens()
              .add(
                  new TokenOperations.Wish(name, wanted, lasting(), Optional.ofNullable(person)),
                  AuditTrail.user());
      Console console = shell.console();
      if (shell.globals().json()) {
        console.json(TokenCodec.encode(made));
        return ExitCode.DONE.code();
      }
      console.out().println(made.secret());
      console.note(
          "The token of "
              + name
              + ", shown this once"
              + made.token().until().map(until -> "; it is good until " + until).orElse("")
              + ". Send it as: Authorization: Bearer TOKEN");
      return ExitCode.DONE.code();
    }

    private Optional<Duration> lasting() {
      if (expires == null) {
        return Optional.empty();
      }
      Optional<Duration> time = Durations.parse(expires).filter(given -> !given.isZero());
      if (time.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(), "--expires must be a duration such as 12h or 90d, was " + expires);
      }
      return time;
    }
  }

  @Command(name = "list", description = "Tokens, without their secrets.")
  static final class ListTokens implements Callable<Integer> {
    private final Shell shell;

    ListTokens(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      List<Known> tokens = shell.keepset().tokens().list();
      Console console = shell.console();
      if (shell.globals().json()) {
        console.json(
            new MapBuilder()
                .put("tokens", tokens.stream().map(TokenCodec::encode).toList())
                .build());
        return ExitCode.DONE.code();
      }
      TextTable table = new TextTable("NAME", "ROLE", "PERSON", "CREATED", "EXPIRES");
      for (Known token : tokens) {
        table.add(
            token.name(),
            token.role(),
            token.person().orElse("-"),
            token.created().toString(),
            token
                .until()
                .map(
                    until ->
                        until + (until.isAfter(shell.clock().instant()) ? "" : " (no longer good)"))
                .orElse("never"));
      }
      table.lines().forEach(console.out()::println);
      return ExitCode.DONE.code();
    }
  }

  @Command(name = "remove", description = "Take a token away. It is no longer good at once.")
  @SuppressWarnings("NullAway.Init") // picocli sets the field
  static final class Remove implements Callable<Integer> {
    private final Shell shell;

    @Parameters(arity = "1", paramLabel = "NAME", description = "Name of the token.")
    private String name;

    Remove(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      shell.keepset().tokens().remove(name, AuditTrail.user());
      shell.console().note(name + " is no longer good.");
      return ExitCode.DONE.code();
    }
  }
}
