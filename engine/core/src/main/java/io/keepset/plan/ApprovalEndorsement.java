package io.keepset.plan;

import io.keepset.policy.Approval;
import java.util.Optional;

/**
 * Whether the commit that added an approval is one that may agree to something: signed, or by
 * somebody other than the author of the change, as the settings demand.
 */
@FunctionalInterface
public interface ApprovalEndorsement {
  /** Every commit will do. */
  ApprovalEndorsement ANY = (approval, plan) -> Optional.empty();

  /**
   * @return why it may not, to be read after the approval's name: {@code was added by a commit that
   *     nobody signed}; empty if it may
   */
  Optional<String> objection(Approval approval, Plan plan);
}
