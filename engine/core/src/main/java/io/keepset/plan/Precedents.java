package io.keepset.plan;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What happened before that a guard must know.
 *
 * @param spent approvals that were used, by digest
 * @param followed the revision that is followed or was named, where a plan was made earlier and for
 *     another one may be applied
 * @param moved stores that lie elsewhere by what is declared
 * @param settings of the installation that are declared otherwise than they are in force
 */
public record Precedents(
    SortedMap<String, Spent> spent,
    Optional<Revision> followed,
    ApprovalEndorsement endorsement,
    List<MovedStore> moved,
    List<SettingChange> settings) {
  /** Nothing was ever applied. */
  public static final Precedents NONE =
      new Precedents(
          new TreeMap<>(), Optional.empty(), ApprovalEndorsement.ANY, List.of(), List.of());

  public Precedents {
    spent = Collections.unmodifiableSortedMap(new TreeMap<>(spent));
    moved = List.copyOf(moved);
    settings = List.copyOf(settings);
  }

  public Precedents withFollowed(Revision revision) {
    return new Precedents(spent, Optional.of(revision), endorsement, moved, settings);
  }

  public Precedents withEndorsement(ApprovalEndorsement other) {
    return new Precedents(spent, followed, other, moved, settings);
  }

  public Precedents withSettings(List<SettingChange> changes) {
    return new Precedents(spent, followed, endorsement, moved, changes);
  }
}
