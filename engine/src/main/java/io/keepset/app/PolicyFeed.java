package io.keepset.app;

import io.keepset.plan.ApprovalEndorsement;
import io.keepset.plan.Plan;
import io.keepset.plan.Revision;
import io.keepset.policy.Approval;
import io.keepset.policy.ApprovalRules;
import io.keepset.spi.DriverException;
import java.util.Optional;

/**
 * The policies of one place, read again and again. Costs what has changed since the last time. Not
 * for several threads.
 */
public interface PolicyFeed extends AutoCloseable {
  /** Where they are, as printed. */
  String describe();

  /**
   * The newest revision.
   *
   * @throws DriverException if the place can't be read; mistakes in the files are values
   */
  Read read() throws DriverException;

  /**
   * A revision that is here already, without asking anybody and without a trace; safe beside a
   * reading by another thread.
   *
   * @param revision a commit's id, or at least seven characters of it
   * @return empty if there is none such, or the place has no revisions
   */
  default Optional<Read> at(String revision) throws DriverException {
    return Optional.empty();
  }

  /** The same place, to be written; it may be used beside this by another thread. */
  WritablePolicies writable();

  @Override
  void close();

  /**
   * One revision with what came of its files.
   *
   * @param provenance good as long as the place is, also when the feed is closed
   */
  record Read(Revision revision, LoadedPolicies policies, Provenance provenance) {}

  /** Knows which commit brought what. */
  @FunctionalInterface
  interface Provenance {
    /**
     * How approvals in a revision are judged by the commits that added them.
     *
     * @param applied the commit that was applied last
     * @param before what is in force about approvals
     * @param now what the revision itself says about them
     */
    ApprovalEndorsement endorsement(
        Optional<Revision> applied, ApprovalRules before, ApprovalRules now);

    /** Nothing is known: where signatures or other authors are demanded, no approval counts. */
    static ApprovalEndorsement unknown(
        Optional<Revision> applied, ApprovalRules before, ApprovalRules now) {
      return new ApprovalEndorsement() {
        @Override
        public Optional<String> objection(Approval approval, Plan plan) {
          return before.and(now).demandNothing()
              ? Optional.empty()
              : Optional.of("can't be judged from a saved plan: apply the policies themselves");
        }

        @Override
        public Optional<String> loosens() {
          return now.loosen(before)
              ? Optional.of("asks for less than what is in force about who may approve")
              : Optional.empty();
        }
      };
    }
  }
}
