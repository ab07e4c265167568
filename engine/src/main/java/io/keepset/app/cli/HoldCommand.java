package io.keepset.app.cli;

import io.keepset.app.AuditTrail;
import io.keepset.app.HoldInForceCodec;
import io.keepset.policy.Hold;
import io.keepset.source.MapBuilder;
import io.keepset.spi.DriverException;
import io.keepset.spi.HoldOperations.InForce;
import io.keepset.spi.HoldOperations.Kind;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "hold", description = "Keep backups whatever the policy says.")
@SuppressWarnings("NullAway.Init") // picocli sets spec
final class HoldCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  static CommandLine tree(Shell shell) {
    return new CommandLine(new HoldCommand())
        .addSubcommand(new Add(shell))
        .addSubcommand(new End(shell))
        .addSubcommand(new ListHolds(shell));
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "a command is missing: add, end or list");
  }

  @Command(
      name = "add",
      description = "Hold backups from now on, until somebody ends the hold.",
      footer = {
        "",
        "A database that the hold covers once stays covered until the hold ends, whatever becomes of"
            + " its labels.",
        "",
        "Example: keepset hold add case-1234 --database orders --to 2026-06-30 --reason 'litigation"
            + " 1234' --review-by 2027-01-15"
      })
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Add implements Callable<Integer> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    private final Shell shell;
    @Spec private CommandSpec spec;

    @Parameters(arity = "1", paramLabel = "NAME", description = "Name of the hold.")
    private String name;

    @Option(
        names = "--database",
        paramLabel = "DB",
        description = "A database whose backups are held; may be given several times.")
    private List<String> databases = new ArrayList<>();

    @Option(
        names = "--label",
        paramLabel = "KEY=VALUE",
        description =
            "Hold the backups of databases with this label as well; of several all must fit.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(
        names = "--from",
        paramLabel = "DAY",
        description = "Only backups made on or after this day, on the clocks of the database.")
    private @Nullable LocalDate from;

    @Option(
        names = "--to",
        paramLabel = "DAY",
        description = "Only backups made before or on this day.")
    private @Nullable LocalDate to;

    @Option(names = "--reason", required = true, description = "Why, for whoever wonders later.")
    private String reason;

    @Option(
        names = "--review-by",
        paramLabel = "DAY",
        required = true,
        description = "When somebody must look at the hold again. It does not end by itself.")
    private LocalDate reviewBy;

    Add(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      LocalDate today = LocalDate.ofInstant(shell.clock().instant(), ZoneOffset.UTC);
      refuse(!NAME.matcher(name).matches(), "a name has letters, digits, - and _, at most 63");
      refuse(
          databases.isEmpty() && labels.isEmpty(),
          "say what to hold: --database DB or --label K=V");
      refuse(reason.isBlank(), "--reason must say something");
      refuse(from != null && to != null && to.isBefore(from), "--to is before --from");
      refuse(!reviewBy.isAfter(today), "--review-by must be a day to come");
      Lookup lookup = new Lookup(shell.keepset());
      for (String database : databases) {
        lookup.database(database);
      }
      Hold hold =
          new Hold(
              name,
              new TreeSet<>(databases),
              new TreeMap<>(labels),
              Optional.ofNullable(from),
              Optional.ofNullable(to),
              reason,
              reviewBy);
      shell.keepset().holds().add(hold, AuditTrail.user());
      return print(shell, shell.keepset().holds().list().stream().filter(this::isNew).toList());
    }

    private boolean isNew(InForce hold) {
      return hold.kind() == Kind.HAND && hold.hold().name().equals(name);
    }

    private void refuse(boolean wrong, String message) {
      if (wrong) {
        throw new ParameterException(spec.commandLine(), message);
      }
    }
  }

  @Command(
      name = "end",
      description = "End a hold that was made by hand. What it kept goes by the rules again.",
      footer = {
        "",
        "A hold in policy files is ended there: remove its block, and let the plan be approved.",
        "",
        "Example: keepset hold end case-1234 --reason 'settled on 2027-02-01'"
      })
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class End implements Callable<Integer> {
    private final Shell shell;
    @Spec private CommandSpec spec;

    @Parameters(arity = "1", paramLabel = "NAME", description = "Name of the hold.")
    private String name;

    @Option(names = "--reason", required = true, description = "Why, for the audit.")
    private String reason;

    End(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      if (reason.isBlank()) {
        throw new ParameterException(spec.commandLine(), "--reason must say something");
      }
      shell.keepset().holds().end(name, reason, AuditTrail.user());
      shell.console().note("hold " + name + " ended");
      return ExitCode.DONE.code();
    }
  }

  @Command(
      name = "list",
      description = "List the holds in force, those in policy files and those made by hand.")
  static final class ListHolds implements Callable<Integer> {
    private final Shell shell;

    ListHolds(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      return print(shell, shell.keepset().holds().list());
    }
  }

  private static int print(Shell shell, List<InForce> holds) {
    if (shell.globals().json()) {
      shell
          .console()
          .json(
              new MapBuilder()
                  .put("holds", holds.stream().map(HoldInForceCodec::encode).toList())
                  .build());
      return ExitCode.DONE.code();
    }
    if (holds.isEmpty()) {
      shell.console().note("no holds");
      return ExitCode.DONE.code();
    }
    TextTable table = new TextTable("HOLD", "DATABASES", "BACKUPS", "REVIEW BY", "MADE", "REASON");
    LocalDate today = LocalDate.ofInstant(shell.clock().instant(), ZoneOffset.UTC);
    for (InForce one : holds) {
      Hold hold = one.hold();
      table.add(
          hold.name(),
          one.databases().isEmpty() ? "none now" : String.join(", ", one.databases().keySet()),
          days(hold),
          hold.reviewBy() + (hold.reviewBy().isAfter(today) ? "" : " OVERDUE"),
          switch (one.kind()) {
            case HAND -> "by hand, " + one.by();
            case FILES -> one.place();
            case LEFT -> "no longer in files";
          },
          hold.reason());
    }
    table.lines().forEach(shell.console().out()::println);
    return ExitCode.DONE.code();
  }

  private static String days(Hold hold) {
    String days =
        (hold.from().map(day -> "from " + day + " ").orElse("")
                + hold.to().map(day -> "to " + day).orElse(""))
            .strip();
    return days.isEmpty() ? "all" : days;
  }
}
