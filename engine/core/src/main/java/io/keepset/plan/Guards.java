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
  public static List<Diagnostic> check(List<Guard> guards, Plan plan) {
    List<Diagnostic> refusals = new ArrayList<>();
    for (Guard guard : guards) {
      refusals.addAll(guard.check(plan));
    }
    return List.copyOf(refusals);
  }

  /** A wrong directory, branch or checkout looks like a wish to end all protection. */
  private static List<Diagnostic> empty(Plan plan) {
    for (Change change : plan.changes()) {
      if (change.after().isPresent()) {
        return List.of();
      }
    }
    return List.of(
        Diagnostic.error("guard.empty", plan.revision().describe() + " declares no database", null)
            .withHint(
                "check the directory, repository and ref; a first policy file comes from:"
                    + " keepset init"));
  }

  /** A wish that can't be fulfilled is an error before anything is written, never a drop. */
  private static List<Diagnostic> unsupported(Plan plan) {
    List<Diagnostic> refusals = new ArrayList<>();
    for (Change change : plan.changes()) {
      if (change.action() == Action.UNSUPPORTED) {
        refusals.add(
            Diagnostic.error(
                    "guard.unsupported",
                    change.target() + " can't be protected as declared; see above",
                    change.declaredAt().orElse(null))
                .withHint("change what is declared, or remove the block"));
      }
    }
    return refusals;
  }
}
