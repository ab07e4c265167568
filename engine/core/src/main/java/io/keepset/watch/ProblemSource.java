package io.keepset.watch;

import java.time.Instant;
import java.util.List;

/**
 * Finds lasting problems of one kind. Asked once a minute, so it must be cheap: it looks at what is
 * known already and does no work of its own. Safe for several threads.
 */
@FunctionalInterface
public interface ProblemSource {
  /** All that there are at this moment; what is no longer among them has ended. */
  List<Problem> problems(Instant now);
}
