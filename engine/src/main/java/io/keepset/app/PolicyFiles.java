package io.keepset.app;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.source.SourceFile;
import java.util.List;

/**
 * The policy files of one place, as bytes.
 *
 * @param files in the order of their paths
 * @param diagnostics what stood where a policy file was expected and could not be read
 */
public record PolicyFiles(List<SourceFile> files, List<Diagnostic> diagnostics) {
  public PolicyFiles {
    files = List.copyOf(files);
    diagnostics = List.copyOf(diagnostics);
  }
}
