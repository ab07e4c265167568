package io.keepset.app.terraform.objects;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Revision;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicySet;
import io.keepset.source.SourceFile;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is known about the policies that are followed. Never waits for a turn that is under way. */
public interface InForceView {
  /**
   * What came of one look at the policies.
   *
   * @param files that were read, those of the look before if none could be
   * @param problem why they are not in force
   */
  record Look(
      Instant at,
      Optional<Revision> revision,
      List<SourceFile> files,
      Optional<String> problem,
      List<Diagnostic> diagnostics) {}

  /** The newest look, empty before the first. */
  Optional<Look> newest();

  /** The newest look after which everything was in force. */
  Optional<Look> inForce();

  /** The mode in which these policies would be applied. */
  Mode mode(PolicySet policies);
}
