package io.keepset.plan;

import io.keepset.policy.Compliance;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What happened before that a guard must know: what is in force, and what was used up.
 *
 * @param spent approvals that were used, by digest
 * @param compliance rules as last applied, by name
 * @param followed the revision that is followed or was named, where a plan was made earlier and for
 *     another one may be applied
 */
public record Precedents(
    SortedMap<String, Spent> spent,
    SortedMap<String, Compliance> compliance,
    Optional<Revision> followed,
    ApprovalEndorsement endorsement) {
  /** Nothing was ever applied. */
  public static final Precedents NONE =
      new Precedents(new TreeMap<>(), new TreeMap<>(), Optional.empty(), ApprovalEndorsement.ANY);

  public Precedents {
    spent = Collections.unmodifiableSortedMap(new TreeMap<>(spent));
    compliance = Collections.unmodifiableSortedMap(new TreeMap<>(compliance));
  }

  public Precedents withFollowed(Revision revision) {
    return new Precedents(spent, compliance, Optional.of(revision), endorsement);
  }

  public Precedents withEndorsement(ApprovalEndorsement other) {
    return new Precedents(spent, compliance, followed, other);
  }
}
