package io.keepset.plan;

import java.util.List;

/**
 * What one revision would change. Stable: the same desired and actual state give the same plan, in
 * the same order.
 *
 * @param changes one per database that is declared or live, in the order of {@link Change#target}
 */
public record Plan(Revision revision, List<Change> changes) {
  public Plan {
    changes = List.copyOf(changes);
  }
}
