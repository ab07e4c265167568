package io.keepset.app.serve;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How one look at the policies ended.
 *
 * @param revision that was looked at, if it could be read
 * @param problem why it is not in force, in one sentence
 */
record Turn(
    Instant at,
    Optional<Revision> revision,
    Optional<String> problem,
    List<Diagnostic> diagnostics) {
  Turn {
    diagnostics = List.copyOf(diagnostics);
  }

  boolean good() {
    return problem.isEmpty();
  }
}
