package io.keepset.plan;

import java.util.List;
import java.util.Optional;

/**
 * A wrong directory, branch or checkout looks like a wish to end all protection. Whoever means it
 * says so in an approval, which then is all that the files hold.
 */
final class EmptyGuard implements Guard {
  static final String CHANGE = "limits.empty";

  @Override
  public List<Objection> check(Plan plan, Circumstances circumstances) {
    boolean ends = false;
    for (Change change : plan.changes()) {
      if (change.after().isPresent()) {
        return List.of();
      }
      ends |= change.action() == Action.DELETE;
    }
    boolean ended = !plan.changes().isEmpty() && !ends;
    boolean begins = plan.changes().isEmpty() && !circumstances.rails().blank();
    if (ended || begins) {
      // All of it was removed on purpose before, and what is left of it is backups; or there was
      // nothing yet, and what is declared is something else, such as how states are kept.
      return List.of();
    }
    return List.of(
        ends
            ? Objection.unless(
                    CHANGE,
                    "guard.empty",
                    "",
                    plan.revision().describe(),
                    " declares no database",
                    Optional.empty())
                .withHint("check the directory, repository and ref first")
            : Objection.never(
                "guard.empty",
                plan.revision().describe(),
                " declares no database",
                "check the directory, repository and ref; a first policy file comes from:"
                    + " keepset init",
                Optional.empty()));
  }
}
