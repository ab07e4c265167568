package io.keepset.plan;

import io.keepset.policy.Approval;
import java.util.Optional;

/**
 * Whether the commit that added an approval is one that may agree to something: signed, or by
 * somebody other than the author of the change, as the settings demand.
 */
@FunctionalInterface
public interface ApprovalEndorsement {
  /** What begins the name of a change of who may agree; no database has a field like it. */
  String CHANGE = "keepset.approvals";

  /** Every commit will do. */
  ApprovalEndorsement ANY = (approval, plan) -> Optional.empty();

  /**
   * @return why it may not, to be read after the approval's name: {@code was added by a commit that
   *     nobody signed}; empty if it may
   */
  Optional<String> objection(Approval approval, Plan plan);

  /**
   * Whether the revision would let more people agree than may now: that is a weakening as well, and
   * judged by what is in force.
   *
   * @return what it does, to be read after its subject: {@code no longer asks for signatures}
   */
  default Optional<String> loosens() {
    return Optional.empty();
  }

  /**
   * What an approval names to agree to what {@link #loosens} says. It differs with what would hold
   * from then on, because a plan's hash says nothing of that: whoever agreed to one signer has not
   * agreed to any other.
   */
  default String change() {
    return CHANGE;
  }
}
