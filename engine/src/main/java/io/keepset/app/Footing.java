package io.keepset.app;

import io.keepset.plan.Revision;
import io.keepset.policy.ApprovalRules;
import io.keepset.policy.ApprovalRulesCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.Optional;

/**
 * What stands as the ground for judging the next revision: it was let through itself.
 *
 * @param applied the last commit that was applied as it is
 * @param rules what it said about who may approve
 */
public record Footing(Optional<Revision> applied, ApprovalRules rules) {
  /** Nothing was applied yet. */
  public static final Footing NONE = new Footing(Optional.empty(), ApprovalRules.NONE);

  /** After a revision was applied; what lay in no commit is no ground for anything. */
  Footing after(Revision revision, ApprovalRules newRules) {
    boolean commit = !revision.dirty() && !revision.equals(Revision.DIRECTORY);
    return new Footing(commit ? Optional.of(revision) : applied, newRules);
  }

  MapNode encode() {
    return new MapBuilder()
        .putText("applied", applied.map(Revision::id))
        .put("rules", ApprovalRulesCodec.encode(rules))
        .build();
  }

  static Footing decode(MapNode map) {
    return new Footing(
        map.text("applied").map(id -> new Revision(id, false)),
        map.map("rules").map(ApprovalRulesCodec::decode).orElse(ApprovalRules.NONE));
  }
}
