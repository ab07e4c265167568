package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.source.SourceFile;
import java.util.List;

/** How much a policy set may be, so that a repository that is none is refused before it is read. */
final class Intake {
  private Intake() {}

  static List<Diagnostic> check(List<SourceFile> files) {
    if (files.size() > PolicyLoader.MOST_FILES) {
      return List.of(
          Diagnostic.error(
                  "load.files",
                  "there are "
                      + files.size()
                      + " policy files, more than the "
                      + PolicyLoader.MOST_FILES
                      + " that are allowed",
                  null)
              .withHint("point --policies at the folder that holds policies only"));
    }
    long bytes = files.stream().mapToLong(file -> file.bytes().length).sum();
    return bytes <= PolicyLoader.MOST_BYTES
        ? List.of()
        : List.of(
            Diagnostic.error(
                    "load.size",
                    "the policy files have "
                        + (bytes >> 20)
                        + " MiB together, more than the "
                        + (PolicyLoader.MOST_BYTES >> 20)
                        + " MiB that are allowed",
                    null)
                .withHint("point --policies at the folder that holds policies only"));
  }
}
