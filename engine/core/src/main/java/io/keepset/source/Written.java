package io.keepset.source;

import java.util.List;

/**
 * A tree written down.
 *
 * @param lostComments comments of the tree that the spelling has no place for, in their order
 */
public record Written(String text, List<String> lostComments) {
  public Written {
    lostComments = List.copyOf(lostComments);
  }
}
