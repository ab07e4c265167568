package io.keepset.plan;

import java.util.List;
import java.util.Optional;

/** A plan that was made for another revision than the one that is followed is not applied. */
final class RevisionGuard implements Guard {
  @Override
  public List<Objection> check(Plan plan, Circumstances circumstances) {
    Optional<Revision> followed = circumstances.precedents().followed();
    if (followed.isEmpty()
        || followed.get().equals(plan.revision())
        || isDirectory(followed.get())
        || isDirectory(plan.revision())) {
      return List.of();
    }
    return List.of(
        Objection.never(
            "guard.commit",
            "the plan",
            " is for "
                + plan.revision().describe()
                + ", but "
                + followed.get().describe()
                + " is what is followed now",
            "plan again for " + followed.get().describe() + ", look at it, and apply that",
            Optional.empty()));
  }

  private static boolean isDirectory(Revision revision) {
    return revision.id().equals(Revision.DIRECTORY.id());
  }
}
