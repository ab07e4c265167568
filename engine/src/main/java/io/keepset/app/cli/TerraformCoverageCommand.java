package io.keepset.app.cli;

import io.keepset.app.LoadedPolicies;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import io.keepset.policy.PolicySet;
import io.keepset.source.JsonText;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import io.keepset.terraform.coverage.Coverage;
import io.keepset.terraform.coverage.CoverageJson;
import io.keepset.terraform.coverage.CoverageText;
import io.keepset.terraform.coverage.Finding.Verdict;
import io.keepset.terraform.coverage.TerraformPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "coverage",
    description =
        "Which databases, buckets, volumes and file systems in a plan of Terraform's no policy"
            + " covers. Reads the plan and the policy files, and nothing else.",
    footer = {
      "",
      "Exit codes: 0 all are covered, 1 failed, 3 something is bare (with --strict also: not known"
          + " before the apply).",
      "",
      "Example:",
      "  terraform plan -out=tfplan && terraform show -json tfplan > tfplan.json",
      "  keepset terraform coverage tfplan.json --policies policies/"
    })
final class TerraformCoverageCommand implements Callable<Integer> {
  /** As much as the plan of a very large configuration takes. */
  private static final int MOST = 64 << 20;

  private static final String ZIP = "PK\u0003\u0004";

  private final Shell shell;

  @Parameters(
      index = "0",
      paramLabel = "PLAN.json",
      description = "What terraform show -json prints of a saved plan; - reads it from stdin.")
  private Path file;

  @Option(
      names = "--accept-own",
      description =
          "Backups of the platform's own are enough where the plan turns them on"
              + " (backup_retention_period and the like).")
  private boolean acceptOwn;

  @Option(
      names = "--strict",
      description = "Also end with 3 if it is not known before the apply whether one is covered.")
  private boolean strict;

  @SuppressWarnings("NullAway.Init") // picocli sets the parameter
  TerraformCoverageCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    TerraformPlan plan = plan();
    LoadedPolicies loaded = shell.load(null);
    Optional<PolicySet> policies = loaded.set().valid();
    if (policies.isEmpty()) {
      shell.console().diagnostics(loaded.set().diagnostics(), loaded::textOf);
      return ExitCode.FAILED.code();
    }
    Coverage coverage =
        Coverage.of(
            plan,
            policies.get().protections().values(),
            acceptOwn,
            LocalDate.ofInstant(shell.clock().instant(), ZoneOffset.UTC));
    if (shell.globals().json()) {
      shell.console().json(CoverageJson.of(coverage));
    } else {
      shell.console().out().print(CoverageText.print(coverage));
      shell.console().out().flush();
    }
    boolean refused = !coverage.complete() || (strict && coverage.count(Verdict.UNKNOWN) > 0);
    return (refused ? ExitCode.REFUSED : ExitCode.DONE).code();
  }

  private TerraformPlan plan() throws CommandException, IOException {
    SourceFile source = new SourceFile(file.toString(), bytes());
    if (source.text().startsWith(ZIP)) {
      throw new CommandException(
          ExitCode.FAILED,
          file
              + " is the saved plan itself: terraform show -json "
              + file
              + " makes the JSON of it");
    }
    Validated<Node> tree = JsonText.read(source);
    if (tree.valid().isEmpty()) {
      // Without an excerpt: what stands there may be a secret.
      throw mistaken(tree.diagnostics());
    }
    Validated<TerraformPlan> plan = TerraformPlan.read(tree.valid().get());
    return plan.valid().orElseThrow(() -> mistaken(plan.diagnostics()));
  }

  private byte[] bytes() throws CommandException, IOException {
    if (!file.toString().equals("-") && !Files.isRegularFile(file)) {
      throw new CommandException(ExitCode.FAILED, "there is no file " + file);
    }
    try (InputStream in =
        file.toString().equals("-") ? shell.console().in() : Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST + 1);
      if (bytes.length > MOST) {
        throw new CommandException(ExitCode.FAILED, file + " has more than 64 MiB");
      }
      return bytes;
    }
  }

  private CommandException mistaken(List<Diagnostic> diagnostics) {
    Diagnostic first = diagnostics.get(0);
    return new CommandException(
        ExitCode.FAILED,
        file + ": " + first.message() + (first.hint() == null ? "" : "; " + first.hint()));
  }
}
