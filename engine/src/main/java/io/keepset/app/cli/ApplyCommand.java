package io.keepset.app.cli;

import io.keepset.app.Applying.Order;
import io.keepset.app.AuditTrail;
import io.keepset.app.PolicyFeed;
import io.keepset.diagnostic.Validated;
import io.keepset.plan.Plan;
import io.keepset.plan.PlanFile;
import io.keepset.plan.PlanText;
import io.keepset.plan.Precedents;
import io.keepset.plan.Revision;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicySet;
import io.keepset.reconcile.Proposal;
import io.keepset.reconcile.Reconciler;
import io.keepset.reconcile.Report;
import io.keepset.reconcile.ReportJson;
import io.keepset.reconcile.ReportText;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "apply",
    description = "Show the plan, ask, and carry it out.",
    footer = {
      "",
      "What is live is read again first: if it calls for other changes than were shown, nothing is"
          + " done.",
      "",
      "Exit codes: 0 done or nothing to do, 1 a change failed, 3 refused or not confirmed.",
      "",
      "Examples:",
      "  keepset apply policies/",
      "  keepset apply --yes saved.plan       what keepset plan --out saved.plan showed"
    })
final class ApplyCommand implements Callable<Integer> {
  private final Shell shell;
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DIR|PLANFILE",
      description =
          "Directory with the policy files, which are planned now (default: --policies), or a file"
              + " that plan --out saved.")
  private @Nullable Path given;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "observe, additive or full: what may be done (default: keepset.mode in the files, else"
              + " full; what weakens needs an approval).")
  private @Nullable Mode mode;

  @SuppressWarnings("NullAway.Init") // picocli sets spec
  ApplyCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    Optional<Planning> fresh = Optional.empty();
    Optional<PlanFile> saved = Optional.empty();
    if (given == null || isDirectory(given)) {
      fresh = Planning.of(shell, given, Optional.ofNullable(mode), 1);
    } else {
      saved = read(given);
    }
    if (fresh.isEmpty() && saved.isEmpty()) {
      return ExitCode.FAILED.code();
    }
    Optional<Order> order = fresh.isPresent() ? order(fresh.get()) : order(saved.orElseThrow());
    if (order.isEmpty()) {
      return ExitCode.REFUSED.code();
    }
    return carryOut(order.get());
  }

  private int carryOut(Order order) throws DriverException {
    boolean nothing = order.proposal().plan().applicable().isEmpty();
    if (!nothing && !yes && !confirmed(order.proposal().plan())) {
      return ExitCode.REFUSED.code();
    }
    boolean tells = !nothing && !shell.globals().json();
    if (tells) {
      shell.console().out().println();
    }
    Report report =
        shell
            .keepset()
            .applying()
            .apply(
                order,
                AuditTrail.user(),
                shell.clock().instant(),
                outcome -> {
                  if (tells) {
                    shell.console().out().println(ReportText.line(outcome));
                    shell.console().out().flush();
                  }
                });
    return done(report);
  }

  /** Empty if it is refused. */
  private Optional<Order> order(Planning planning) {
    return order(planning.policies(), planning.proposal(), planning.precedents());
  }

  /**
   * A saved plan is planned again at once, so that a stale one is known before anybody is asked.
   */
  private Optional<Order> order(PlanFile saved)
      throws DriverException, CommandException, IOException {
    PolicySet policies = saved.policies();
    Precedents precedents =
        shell.keepset().planner().precedents(PolicyFeed.Provenance::unknown, policies);
    Optional<Revision> followed = followed();
    if (followed.isPresent()) {
      precedents = precedents.withFollowed(followed.get());
    }
    Proposal now =
        shell
            .keepset()
            .planner()
            .reconciler(policies, precedents)
            .propose(saved.desired(), saved.mode(), shell.clock().instant(), 1);
    if (!now.plan().hash().equals(saved.hash())) {
      shell.console().diagnostics(List.of(Reconciler.stale(saved.hash(), now.plan())));
      return Optional.empty();
    }
    return order(policies, now, precedents);
  }

  private Optional<Order> order(PolicySet policies, Proposal proposal, Precedents precedents) {
    print(proposal);
    if (proposal.refused()) {
      if (shell.globals().json()) {
        shell.console().json(ReportJson.of(Report.refused(proposal)));
      }
      return Optional.empty();
    }
    return Optional.of(new Order(proposal, policies, precedents));
  }

  /** What the files say by now, where they were named; else what the server follows. */
  private Optional<Revision> followed() throws DriverException, CommandException, IOException {
    return shell.globals().namesPolicies()
        ? Optional.of(shell.read(null).revision())
        : shell.keepset().followed();
  }

  private boolean isDirectory(Path path) {
    if (path.toString().isEmpty()) {
      // A variable of a script that is not set is no wish to apply this directory.
      throw new ParameterException(
          spec.commandLine(), "an empty name is neither a directory nor a saved plan");
    }
    if (!Files.exists(path)) {
      throw new ParameterException(
          spec.commandLine(),
          "there is no "
              + path
              + ": name the directory with the policy files, or a file that keepset plan --out"
              + " wrote");
    }
    return Files.isDirectory(path);
  }

  private Optional<PlanFile> read(Path path) throws IOException {
    if (mode != null) {
      throw new ParameterException(
          spec.commandLine(), "a saved plan has its mode; choose it with plan --mode");
    }
    Validated<PlanFile> read =
        PlanFile.read(new SourceFile(path.toString(), Files.readAllBytes(path)));
    shell.console().diagnostics(read.diagnostics());
    return read.valid();
  }

  /** The plan belongs to the question; standard output belongs to the report if that is JSON. */
  private void print(Proposal proposal) {
    Console console = shell.console();
    boolean json = shell.globals().json();
    PrintStream to = json ? console.err() : console.out();
    to.print(
        PlanText.print(
            proposal.plan(), proposal.refusals(), proposal.request(), !json && console.colours()));
    to.flush();
  }

  private boolean confirmed(Plan plan) {
    Console console = shell.console();
    if (!console.interactive()) {
      console.error("nobody is here to confirm; look at the plan above and give --yes");
      return false;
    }
    int count = plan.applicable().size();
    boolean agreed =
        console.confirm(
            "Apply " + (count == 1 ? "this change" : "these " + count + " changes") + "?");
    if (!agreed) {
      console.note("Nothing was changed.");
    }
    return agreed;
  }

  private int done(Report report) {
    Console console = shell.console();
    if (shell.globals().json()) {
      console.json(ReportJson.of(report));
    } else if (report.refused()) {
      console.diagnostics(report.refusals());
    } else if (!report.outcomes().isEmpty()) {
      console.out().println();
      console.out().println(ReportText.summary(report));
    }
    if (report.refused()) {
      return ExitCode.REFUSED.code();
    }
    return (report.failed() ? ExitCode.FAILED : ExitCode.DONE).code();
  }
}
