package io.keepset.app.cli;

import io.keepset.app.LoadedPolicies;
import io.keepset.app.SarifLog;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.DiagnosticGithub;
import io.keepset.diagnostic.DiagnosticText;
import io.keepset.policy.PolicySet;
import io.keepset.source.DiagnosticCodec;
import io.keepset.source.MapBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "validate",
    description = "Load and check the policy files; report every mistake at once.",
    footer = {
      "",
      "Examples:",
      "  keepset validate policies/",
      "  keepset validate --format github     annotations in a pull request",
      "  keepset validate --format sarif      for code scanning"
    })
final class ValidateCommand implements Callable<Integer> {
  /** How findings are printed. */
  enum Format {
    TEXT,
    JSON,
    GITHUB,
    SARIF
  }

  private final Shell shell;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DIR",
      description = "Directory with the policy files (default: --policies).")
  private @Nullable Path directory;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "text, json, github or sarif (default: text).")
  private @Nullable Format format;

  ValidateCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    LoadedPolicies loaded = shell.load(directory).withCompliance();
    List<Diagnostic> found = loaded.set().diagnostics();
    boolean good = !loaded.set().hasErrors();
    Console console = shell.console();
    switch (format()) {
      case TEXT -> text(loaded, good);
      case JSON -> json(loaded, good);
      case GITHUB -> console.out().print(DiagnosticGithub.print(found, folder()));
      case SARIF -> console.json(SarifLog.of(found, folder()));
    }
    return (good ? ExitCode.DONE : ExitCode.FAILED).code();
  }

  private Format format() {
    return format != null ? format : shell.globals().json() ? Format.JSON : Format.TEXT;
  }

  /** Annotations name files as the repository does, which is where the command was called. */
  private String folder() {
    if (directory == null || directory.isAbsolute()) {
      return "";
    }
    String path = directory.normalize().toString().replace('\\', '/');
    return path.startsWith("..") ? "" : path;
  }

  private void text(LoadedPolicies loaded, boolean good) {
    Console console = shell.console();
    List<Diagnostic> found = loaded.set().diagnostics();
    console.diagnostics(found, loaded::textOf);
    String summary = DiagnosticText.summary(found);
    PolicySet set = loaded.set().value();
    if (good && set != null) {
      console.out().println(counts(set) + (summary.isEmpty() ? "" : " (" + summary + ")"));
    } else {
      console.err().println(summary);
    }
  }

  private static String counts(PolicySet set) {
    if (set.files() == 0) {
      return "No policy files here: nothing is declared.";
    }
    return "Good: "
        + count(set.protections().size(), "database", "databases")
        + ", "
        + count(set.policies().size(), "policy", "policies")
        + ", "
        + count(set.stores().size(), "store", "stores")
        + " in "
        + count(set.files(), "file", "files");
  }

  private static String count(int n, String one, String many) {
    return n + " " + (n == 1 ? one : many);
  }

  private void json(LoadedPolicies loaded, boolean good) {
    MapBuilder out = new MapBuilder().put("valid", good);
    PolicySet set = loaded.set().value();
    if (set != null) {
      out.put("files", set.files())
          .put("databases", set.protections().size())
          .put("policies", set.policies().size())
          .put("stores", set.stores().size());
    }
    out.put("diagnostics", DiagnosticCodec.encode(loaded.set().diagnostics()));
    shell.console().json(out.build());
  }
}
