package io.keepset.policy;

import io.keepset.diagnostic.Location;
import io.keepset.source.Node;
import java.util.Optional;

/**
 * A hold in a policy file.
 *
 * @param at where its name stands
 * @param reviewAt where its {@code review_by} stands
 */
public record DeclaredHold(Hold hold, Location at, Location reviewAt) {
  /** Reads a block that the schema has judged; empty if it says too little. */
  static Optional<DeclaredHold> read(Declared block) {
    Location review = block.body().get("review_by").map(Node::at).orElse(block.at());
    return HoldCodec.decode(block.name(), block.body())
        .map(hold -> new DeclaredHold(hold, block.at(), review));
  }
}
