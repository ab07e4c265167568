package io.keepset.source;

import io.keepset.diagnostic.Location;
import java.util.List;

/** An ordered list. */
public record ListNode(Location at, List<Node> items) implements Node {
  public ListNode {
    items = List.copyOf(items);
  }

  @Override
  public String kind() {
    return "a list";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ListNode that && items.equals(that.items);
  }

  @Override
  public int hashCode() {
    return items.hashCode();
  }
}
