package io.keepset.plan;

import java.util.ArrayList;
import java.util.List;

/** A wish that can't be fulfilled is an error before anything is written, never a drop. */
final class UnsupportedGuard implements Guard {
  @Override
  public List<Objection> check(Plan plan, Circumstances circumstances) {
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
            " can't be protected as declared",
            "change what is declared as the errors above say, or remove the block",
            first.declaredAt()));
  }
}
