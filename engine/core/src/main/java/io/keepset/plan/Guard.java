package io.keepset.plan;

import java.util.List;

/**
 * A rule about what may be done now. Objects or lets pass, never edits: a plan is applied as it is
 * or not at all. Pure.
 *
 * <p>A guard knows nothing of approvals; whether one allows what it objects to is {@link Guards}'
 * matter.
 */
@FunctionalInterface
public interface Guard {
  /**
   * @return one per reason to refuse, in the order of the plan; empty lets it pass
   */
  List<Objection> check(Plan plan, Circumstances circumstances);
}
