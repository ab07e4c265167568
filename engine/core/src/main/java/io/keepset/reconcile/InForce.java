package io.keepset.reconcile;

import io.keepset.plan.Action;
import io.keepset.plan.Change;
import io.keepset.plan.Revision;
import io.keepset.policy.Instance;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.TargetId;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an apply brought into force, or found to be so: what drift is measured against later. A
 * change that failed or was held back is in neither part, so what was known of it before stays.
 *
 * @param changes how many changes were tried; 0 if there was nothing to do
 * @param failures how many of them could not be carried out
 * @param kept protections that are now as applied
 * @param ended targets that are no longer protected
 */
public record InForce(
    Revision revision,
    String planHash,
    int changes,
    int failures,
    SortedMap<TargetId, Protection> kept,
    SortedSet<TargetId> ended,
    List<Instance> instances) {
  public InForce {
    kept = Collections.unmodifiableSortedMap(new TreeMap<>(kept));
    ended = Collections.unmodifiableSortedSet(new TreeSet<>(ended));
    instances = List.copyOf(instances);
  }

  /** Of a report that was not refused. */
  public static InForce of(Report report, PolicySet policies) {
    Set<Change> done = new HashSet<>();
    for (Outcome outcome : report.outcomes()) {
      if (outcome.status() == Outcome.Status.DONE) {
        done.add(outcome.change());
      }
    }
    SortedMap<TargetId, Protection> kept = new TreeMap<>();
    SortedSet<TargetId> ended = new TreeSet<>();
    for (Change change : report.plan().changes()) {
      boolean settled = change.action() == Action.NONE || done.contains(change);
      if (settled && change.after().isPresent()) {
        kept.put(change.target(), change.after().get());
      } else if (settled) {
        ended.add(change.target());
      }
    }
    return new InForce(
        report.plan().revision(),
        report.plan().hash(),
        report.outcomes().size(),
        report.outcomes().size() - report.count(Outcome.Status.DONE),
        kept,
        ended,
        List.copyOf(policies.instances().values()));
  }
}
