package io.keepset.reconcile;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Action;
import io.keepset.plan.ApprovalEndorsement;
import io.keepset.plan.ApprovalRequest;
import io.keepset.plan.Change;
import io.keepset.plan.Plan;
import io.keepset.plan.Revision;
import io.keepset.policy.Approval;
import io.keepset.policy.Mode;
import io.keepset.policy.Protection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a reconciliation came to.
 *
 * @param plan what was found to differ
 * @param refusals why nothing was written: what guards said, or all that was found in files with
 *     mistakes; empty if the plan was let through
 * @param outcomes one per change that was to be written, in the order of the plan's {@link
 *     Plan#applicable}
 * @param request the approval that would let the plan pass, if one would
 * @param used approvals that let it pass
 */
public record Report(
    Plan plan,
    List<Diagnostic> refusals,
    List<Outcome> outcomes,
    Optional<ApprovalRequest> request,
    List<Approval> used) {
  public Report {
    refusals = List.copyOf(refusals);
    outcomes = List.copyOf(outcomes);
    used = List.copyOf(used);
  }

  /** Nothing could be planned, because the files are wrong. */
  static Report mistaken(Revision revision, Mode mode, List<Diagnostic> mistakes) {
    return refused(new Plan(revision, mode, List.of(), List.of()), mistakes);
  }

  static Report refused(Plan plan, List<Diagnostic> refusals) {
    return new Report(plan, refusals, List.of(), Optional.empty(), List.of());
  }

  /** What guards did not let through. */
  public static Report refused(Proposal proposal) {
    return new Report(
        proposal.plan(), proposal.refusals(), List.of(), proposal.request(), List.of());
  }

  static Report applied(Proposal proposal, List<Outcome> outcomes) {
    return new Report(
        proposal.plan(), List.of(), outcomes, Optional.empty(), proposal.verdict().used());
  }

  /** A plan that was let through, and in which there was nothing to write. */
  public static Report nothingToDo(Proposal proposal) {
    return applied(proposal, List.of());
  }

  /**
   * The approvals that are used up: those that allowed something that was done. One that only
   * allowed what failed is good for another try, as long as the plan stays the same. Who may agree
   * changes with every plan that is let through, even one in which there is nothing to write.
   */
  public List<Approval> spent() {
    List<Approval> spent = new ArrayList<>();
    for (Approval approval : used) {
      boolean done =
          approval.changes().stream().anyMatch(n -> n.startsWith(ApprovalEndorsement.CHANGE));
      for (Outcome outcome : outcomes) {
        String name = outcome.change().target().name();
        done |=
            outcome.status() == Outcome.Status.DONE
                && approval.changes().stream()
                    .anyMatch(named -> named.equals(name) || named.startsWith(name + "."));
      }
      if (done) {
        spent.add(approval);
      }
    }
    return spent;
  }

  public boolean refused() {
    return !refusals.isEmpty();
  }

  /** True unless everything that was to be written was. */
  public boolean failed() {
    return count(Outcome.Status.DONE) < outcomes.size();
  }

  /**
   * The stores that may now be set up as declared. Not those of a database whose change was not
   * carried out: held back by the mode, failed, or beyond the platform. Nor those of no database,
   * unless somebody agreed to something.
   *
   * @param declared names of stores
   */
  public SortedSet<String> settledStores(Collection<String> declared) {
    if (refused()) {
      return new TreeSet<>();
    }
    Set<Change> done = new HashSet<>();
    for (Outcome outcome : outcomes) {
      if (outcome.status() == Outcome.Status.DONE) {
        done.add(outcome.change());
      }
    }
    Set<String> used = new HashSet<>();
    Set<String> unsettled = new HashSet<>();
    for (Change change : plan.changes()) {
      used.addAll(stores(change.after()));
      boolean wanted = change.action().acts() || change.action() == Action.UNSUPPORTED;
      if (wanted && !done.contains(change)) {
        unsettled.addAll(stores(change.before()));
        unsettled.addAll(stores(change.after()));
      }
    }
    SortedSet<String> settled = new TreeSet<>(declared);
    settled.removeAll(unsettled);
    if (outcomes.isEmpty()) {
      settled.retainAll(used);
    }
    return settled;
  }

  /** Those of its backups and of their copies. */
  private static Set<String> stores(Optional<Protection> protection) {
    Set<String> stores = new HashSet<>();
    protection.flatMap(Protection::store).ifPresent(stores::add);
    protection.ifPresent(p -> p.copies().values().forEach(copy -> stores.add(copy.to())));
    return stores;
  }

  public int count(Outcome.Status status) {
    int count = 0;
    for (Outcome outcome : outcomes) {
      if (outcome.status() == status) {
        count++;
      }
    }
    return count;
  }
}
