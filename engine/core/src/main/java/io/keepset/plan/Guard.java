package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import java.util.List;

/**
 * A rule about what may be done now. Refuses or lets pass, never edits: a plan is applied as it is
 * or not at all. Pure.
 */
@FunctionalInterface
public interface Guard {
  /**
   * @return one error per reason to refuse, in the order of the plan; empty lets it pass
   */
  List<Diagnostic> check(Plan plan);
}
