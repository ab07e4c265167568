package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import org.jspecify.annotations.Nullable;

/** HCL native syntax into the tree. */
final class HclReader {
  private final SourceText text;
  private final Problems problems;

  HclReader(SourceText text, Limits limits, Problems problems) {
    this.text = text;
    this.problems = problems;
  }

  @Nullable Node read() {
    problems.addBreaking(Diagnostic.error("source.spelling", "HCL can't be read yet", text.at(0)));
    return null;
  }
}
