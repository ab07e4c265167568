package io.keepset.app.cli;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import io.keepset.source.MapNode;
import io.keepset.source.Readers;
import io.keepset.source.SourceFile;
import io.keepset.source.Spelling;
import io.keepset.source.Writers;
import io.keepset.source.Written;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "convert",
    description = "The same policy file in another spelling, on stdout; comments go with it.",
    footer = {"", "Example: keepset convert orders.yaml --to hcl > orders.hcl"})
final class ConvertCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(index = "0", paramLabel = "FILE", description = "The file; its extension says how.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path file;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "SPELLING",
      description = "yaml, hcl or json.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Spelling spelling;

  ConvertCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    SourceFile source = new SourceFile(file.toString(), Files.readAllBytes(file));
    Validated<MapNode> read = Readers.read(source);
    report(read.diagnostics(), source);
    Optional<MapNode> tree = read.valid();
    if (tree.isEmpty()) {
      return ExitCode.FAILED.code();
    }
    Validated<Written> written = Writers.write(tree.get(), spelling);
    report(written.diagnostics(), source);
    Optional<Written> text = written.valid();
    if (text.isEmpty()) {
      return ExitCode.FAILED.code();
    }
    shell.console().out().print(text.get().text());
    List<String> lost = text.get().lostComments();
    if (!lost.isEmpty()) {
      shell.console().note(spelling.word() + " has no comments; these were left out:");
      lost.forEach(comment -> shell.console().note("  # " + comment.strip()));
    }
    return ExitCode.DONE.code();
  }

  private void report(List<Diagnostic> found, SourceFile source) {
    shell.console().diagnostics(found, path -> Optional.of(source.text()));
  }
}
