package io.keepset.policy;

import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.Optional;

/** Who may agree to a change, as a tree with the keys of the policy language, and back. */
public final class ApprovalRulesCodec {
  private ApprovalRulesCodec() {}

  public static MapNode encode(ApprovalRules rules) {
    return new MapBuilder()
        .put("signed", rules.signed())
        .putText("allowed_signers", rules.allowedSigners())
        .put("other_author", rules.otherAuthor())
        .build();
  }

  public static ApprovalRules decode(MapNode map) {
    return new ApprovalRules(
        map.text("signed").equals(Optional.of("true")),
        map.text("allowed_signers"),
        map.text("other_author").equals(Optional.of("true")));
  }
}
