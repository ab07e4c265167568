package io.keepset.app.serve;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.reconcile.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log says of the policies that are followed. */
final class TurnLog {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  private String lastWords = "";

  /** One change as it ended. */
  static void heard(Outcome outcome) {
    switch (outcome.status()) {
      case DONE -> LOG.info("{} {}", outcome.change().action(), outcome.change().target());
      case FAILED, SKIPPED ->
          LOG.error(
              "{} {} {}: {}",
              outcome.change().action(),
              outcome.change().target(),
              outcome.status(),
              outcome.message().orElse(""));
    }
  }

  /** How a turn ended; once, not at every turn. */
  void say(Turn turn) {
    String words =
        turn.problem().orElseGet(() -> "in force: " + turn.revision().orElseThrow().describe());
    if (words.equals(lastWords)) {
      return;
    }
    lastWords = words;
    if (turn.good()) {
      LOG.info("policies {}", words);
      return;
    }
    LOG.error("policies not in force: {}", words);
    for (Diagnostic diagnostic : turn.diagnostics()) {
      if (diagnostic.isError()) {
        LOG.error("  {}", line(diagnostic));
      }
    }
  }

  private static String line(Diagnostic diagnostic) {
    return (diagnostic.at() == null ? "" : diagnostic.at() + ": ")
        + diagnostic.message()
        + " ["
        + diagnostic.code()
        + "]"
        + (diagnostic.hint() == null ? "" : "; " + diagnostic.hint());
  }
}
