package io.keepset.app.cli;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Action;
import io.keepset.plan.ApprovalRequest;
import io.keepset.plan.Plan;
import io.keepset.plan.PlanFile;
import io.keepset.plan.PlanJson;
import io.keepset.plan.PlanMarkdown;
import io.keepset.plan.PlanText;
import io.keepset.policy.Mode;
import io.keepset.reconcile.Proposal;
import io.keepset.source.SourceFile;
import java.io.IOException;
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
    name = "plan",
    description =
        "Show what an apply would change, and what that costs in existing backups. Changes nothing.",
    footer = {
      "",
      "Exit codes: 0 planned, 1 failed, 2 changes are pending (with --detailed-exitcode), 3 refused.",
      "",
      "Examples:",
      "  keepset plan policies/",
      "  keepset plan --out saved.plan        to apply exactly this with: keepset apply saved.plan",
      "  keepset plan --markdown              a comment for a pull request"
    })
final class PlanCommand implements Callable<Integer> {
  private final Shell shell;
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DIR",
      description = "Directory with the policy files (default: --policies).")
  private @Nullable Path directory;

  @Option(
      names = {"--out", "-out"},
      paramLabel = "FILE",
      description = "Save the plan, to be applied exactly so or not at all.")
  private @Nullable Path file;

  @Option(names = "--markdown", description = "Print a comment for a pull request.")
  private boolean markdown;

  @Option(names = "--detailed-exitcode", description = "End with 2 if there is anything to change.")
  private boolean detailed;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description =
          "How many next runs to show of each new or changed schedule; of every schedule if more"
              + " than one (default: ${DEFAULT-VALUE}).")
  private int runs = 1;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "observe, additive or full: what an apply may do (default: keepset.mode in the files,"
              + " else full).")
  private @Nullable Mode mode;

  @SuppressWarnings("NullAway.Init") // picocli sets spec
  PlanCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    if (markdown && shell.globals().json()) {
      throw new ParameterException(spec.commandLine(), "choose one of --json and --markdown");
    }
    if (runs < 0 || runs > 1000) {
      throw new ParameterException(
          spec.commandLine(), "--runs takes a number from 0 to 1000, found " + runs);
    }
    if (file != null) {
      refuseToReplace(file);
    }
    Optional<Planning> planning = Planning.of(shell, directory, Optional.ofNullable(mode), runs);
    if (planning.isEmpty()) {
      return ExitCode.FAILED.code();
    }
    Proposal proposal = planning.get().proposal();
    Plan plan = shell.keepset().planner().discovered(planning.get().policies(), proposal.plan());
    print(plan, proposal.refusals(), proposal.request());
    if (file != null) {
      PrivateFile.write(file, PlanFile.write(plan, proposal.desired(), planning.get().policies()));
      shell.console().note("Saved the plan; apply it with: keepset apply " + file);
    }
    if (proposal.refused()) {
      return ExitCode.REFUSED.code();
    }
    boolean pending = plan.hasChanges() || plan.count(Action.ADOPT) > 0;
    return (detailed && pending ? ExitCode.CHANGES_PENDING : ExitCode.DONE).code();
  }

  /** What is there already is replaced only if it is a plan: a policy file would be lost. */
  private static void refuseToReplace(Path file) throws CommandException, IOException {
    if (Files.isDirectory(file)) {
      throw new CommandException(ExitCode.USAGE, "--out " + file + " is a directory: name a file");
    }
    if (!Files.exists(file)) {
      return;
    }
    SourceFile there = new SourceFile(file.toString(), Files.readAllBytes(file));
    if (PlanFile.read(there).valid().isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE,
          "--out "
              + file
              + " would replace a file that is no saved plan: choose another name, or remove it");
    }
  }

  private void print(Plan plan, List<Diagnostic> refusals, Optional<ApprovalRequest> request) {
    Console console = shell.console();
    if (shell.globals().json()) {
      console.json(PlanJson.of(plan, refusals, request));
    } else if (markdown) {
      console.out().print(PlanMarkdown.print(plan, refusals, request));
    } else {
      console.out().print(PlanText.print(plan, refusals, request, console.colours()));
    }
    console.out().flush();
  }
}
