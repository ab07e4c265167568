package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.List;

/** The guards that every plan passes, whatever the settings say. */
public final class Guards {
  private static final List<Guard> ALWAYS = List.of(Guards::empty, Guards::unsupported);

  private Guards() {}

  /** In the order in which their refusals are printed. */
  public static List<Guard> always() {
    return ALWAYS;
  }

  /** What all of them say. */
  public static List<Diagnostic> check(List<Guard> guards, Plan plan, Circumstances circumstances) {
    List<Diagnostic> refusals = new ArrayList<>();
    for (Guard guard : guards) {
      for (Objection objection : guard.check(plan, circumstances)) {
        refusals.add(objection.diagnostic());
      }
    }
    return List.copyOf(refusals);
  }

  /** A wrong directory, branch or checkout looks like a wish to end all protection. */
  private static List<Objection> empty(Plan plan, Circumstances circumstances) {
    for (Change change : plan.changes()) {
      if (change.after().isPresent()) {
        return List.of();
      }
    }
    return List.of(
        Objection.never(
            "guard.empty",
            plan.revision().describe(),
            "declares no database",
            "check the directory, repository and ref; a first policy file comes from:"
                + " keepset init",
            null));
  }

  /** A wish that can't be fulfilled is an error before anything is written, never a drop. */
  private static List<Objection> unsupported(Plan plan, Circumstances circumstances) {
    List<Change> unsupported = new ArrayList<>();
    for (Change change : plan.changes()) {
      if (change.action() == Action.UNSUPPORTED) {
        unsupported.add(change);
      }
    }
    if (unsupported.isEmpty()) {
      return List.of();
    }
    Change first = unsupported.get(0);
    String others =
        unsupported.size() == 1
            ? ""
            : " and " + Figures.count(unsupported.size() - 1, "other database");
    return List.of(
        Objection.never(
            "guard.unsupported",
            first.target() + others,
            "can't be protected as declared",
            "change what is declared as the errors above say, or remove the block",
            first.declaredAt().orElse(null)));
  }
}
